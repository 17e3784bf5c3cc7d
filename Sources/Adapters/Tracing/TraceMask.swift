package import Ports
package import Wire

/// Makes of what goes over the wire one line that a user may pass on: secrets, numbers and names are masked, structure,
/// ids, times and states stay (docs/tracing.md).
package struct TraceMask: Sendable {
    /// How many characters are shown of JSON or a form.
    static let longestBody = 16_000
    /// How many are shown of everything else, which has no structure that tells what in it is a name.
    static let longestText = 300
    /// In bytes. Longer JSON is treated as text.
    static let longestJSON = 256 * 1024
    /// How many bytes are read of everything else.
    static let longestScan = 16 * 1024

    private let text: TraceText

    /// `showsNumbers`: whether the operator wants to see phone numbers in the log.
    package init(secrets: [Secret], showsNumbers: Bool = false) {
        text = TraceText(secrets: TraceSecrets(secrets.map { $0.reveal() }), showsNumbers: showsNumbers)
    }

    /// Knows every secret of a configuration.
    package init(_ configuration: BridgeConfiguration, showsNumbers: Bool = false) {
        let secrets =
            configuration.phoneSystems.flatMap { [$0.password, $0.clientSecret] }
            + configuration.zammads.map(\.apiToken) + [configuration.bridge.statusToken]
        let endpoints = configuration.zammads.flatMap { ZammadEndpoint($0.endpoint).secretParts }
        self.init(secrets: secrets.compactMap(\.self) + endpoints.map(Secret.init), showsNumbers: showsNumbers)
    }

    // MARK: - Bodies

    /// One line; empty for an empty body.
    package func body(_ bytes: [UInt8], contentType: String? = nil) -> String {
        let start = bytes.first { $0 > 0x20 }
        let type = contentType?.lowercased() ?? ""
        let isJSON = type.contains("json") || start == UInt8(ascii: "{") || start == UInt8(ascii: "[")
        if isJSON, let json = json(bytes) { return cut(json, Self.longestBody, of: bytes) }
        let scanned = String(decoding: bytes.prefix(Self.longestScan), as: UTF8.self)
        if isBinary(scanned) { return "(\(bytes.count) bytes that are no text)" }
        let isPart = bytes.count > Self.longestScan
        if type.hasPrefix("application/x-www-form-urlencoded") {
            return cut(form(scanned), Self.longestBody, of: bytes, isPart: isPart)
        }
        // Before tags go: a secret may hold what looks like one.
        let plain = text.secrets.hidden(in: scanned)
        let isPage = start == UInt8(ascii: "<") || type.contains("html") || type.contains("xml")
        let line = (isPage ? withoutTags(plain) : plain).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        // JSON that cannot be read holds names, and may end within a number.
        let masked = isJSON ? withoutDigits(text.masked(line, as: .name)) : text.masked(line, as: .text)
        return cut(masked, Self.longestText, of: bytes, isPart: isPage || isPart)
    }

    /// A frame of the event socket, which is JSON.
    package func frame(_ bytes: [UInt8]) -> String { body(bytes, contentType: "application/json") }

    /// A sentence that a server said, for any line of the log.
    package func sentence(_ sentence: String) -> String { text.masked(sentence, as: .text) }

    private func cut(_ masked: String, _ limit: Int, of bytes: [UInt8], isPart: Bool = false) -> String {
        guard isPart || masked.unicodeScalars.count > limit else { return masked }
        return String(String.UnicodeScalarView(masked.unicodeScalars.prefix(limit))) + "… (\(bytes.count) bytes)"
    }

    private func isBinary(_ text: String) -> Bool {
        let scalars = text.unicodeScalars.prefix(512)
        let odd = scalars.count { $0 == "\u{FFFD}" || $0.value < 0x20 && !"\t\n\r\u{C}".unicodeScalars.contains($0) }
        return odd * 10 > scalars.count
    }

    private func withoutDigits(_ text: String) -> String { String(text.map { $0.isNumber ? "•" : $0 }) }

    /// What a web page shows. Tags have tokens in their attributes.
    private func withoutTags(_ page: String) -> String {
        page.replacing(#/(?is)<script\b.*?(?:</script|$)|<style\b.*?(?:</style|$)/#, with: "<")
            .replacing(#/(?s)<.*?(?:>|$)/#, with: " ")
    }

    // MARK: - JSON

    /// `nil` if it cannot be read.
    private func json(_ bytes: [UInt8]) -> String? {
        guard bytes.count <= Self.longestJSON else { return nil }
        do {
            let value = try WireJSON.decode(JSONValue.self, from: bytes)
            return String(decoding: try FixtureJSON.encode(masked(value, .name)), as: UTF8.self)
        } catch {
            return nil
        }
    }

    /// - Parameter rule: Of the key that the value stands under.
    private func masked(_ value: JSONValue, _ rule: TraceRule) -> JSONValue {
        switch value {
        case .null, .bool: return value
        case .integer(let integer): return .integer(masked(integer, rule))
        case .fraction(let fraction): return masked(fraction, rule)
        case .string(let string): return .string(masked(string, rule))
        case .array(let elements): return .array(elements.map { masked($0, rule) })
        case .object(let members):
            let shown = members.map { key, member in
                (name(key), masked(member, self.rule(of: member, under: key, in: rule)))
            }
            return .object(Dictionary(shown) { first, _ in first })
        }
    }

    /// A key as it is shown: the name of a field, unless a table has names or numbers as keys.
    private func name(_ key: String) -> String { text.masked(key, as: TraceShape.isField(key) ? .text : .name) }

    /// All that stands under the key of a secret is one, but for the object of a login's `Token`, whose members are
    /// known.
    private func rule(of member: JSONValue, under key: String, in outer: TraceRule) -> TraceRule {
        if case .secret = outer { return .secret }
        if member.members != nil, TraceRule.holdsMembers(key: key) { return .name }
        return ["_value", "value"].contains(key.lowercased()) ? outer : TraceRule(key: key)
    }

    /// A text may hold JSON itself.
    private func masked(_ string: String, _ rule: TraceRule) -> String {
        if case .secret = rule { return text.masked(string, as: rule) }
        let start = string.utf8.first { $0 > 0x20 }
        guard start == UInt8(ascii: "{") || start == UInt8(ascii: "[") else { return text.masked(string, as: rule) }
        return json(Array(string.utf8)) ?? text.masked(string, as: .name)
    }

    /// Of a phone number that somebody sends as a number the last three digits are left, and nines for the others.
    private func masked(_ integer: Int64, _ rule: TraceRule) -> Int64 {
        if isSecret("\(integer)", rule) { return 0 }
        let digits = "\(integer.magnitude)"
        if case .identifier = rule { return integer }
        guard digits.count >= 6, !text.showsNumbers else { return integer }
        let masked = Int64(String(repeating: "9", count: digits.count - 3) + digits.suffix(3)) ?? 0
        return integer < 0 ? -masked : masked
    }

    private func masked(_ fraction: Double, _ rule: TraceRule) -> JSONValue {
        if isSecret("\(fraction)", rule) { return 0 }
        if case .identifier = rule { return .fraction(fraction) }
        let isPlain = abs(fraction) < 100_000 && "\(fraction)".count(where: \.isNumber) < 12
        return isPlain || text.showsNumbers ? .fraction(fraction) : 0
    }

    private func isSecret(_ number: String, _ rule: TraceRule) -> Bool {
        if case .secret = rule { true } else { text.secrets.hidden(in: number) != number }
    }

    // MARK: - Forms and addresses

    private func form(_ encoded: String) -> String {
        encoded.split(separator: "&", omittingEmptySubsequences: false).map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { part in
                // A secret that was not encoded may hold a plus sign.
                let part = text.secrets.hidden(in: String(part))
                return part.replacing("+", with: " ").percentDecoded ?? part
            }
            return parts.count == 2
                ? "\(name(parts[0]))=\(text.masked(parts[1], as: TraceRule(key: parts[0])))" : name(parts[0])
        }.joined(separator: "&")
    }

    /// Path and query of a URL; a token in either is masked.
    package func target(of url: String) -> String {
        let target = HTTPOrigin.target(of: url)
        let path = target.prefix { $0 != "?" }
        let shown = text.masked(String(path).percentDecoded ?? String(path), as: .path)
        return path.endIndex == target.endIndex
            ? shown : "\(shown)?\(form(String(target[path.endIndex...].dropFirst())))"
    }

    // MARK: - Headers

    private static let shownHeaders = [
        "accept", "content-type", "content-length", "retry-after", "server", "x-3cx-version",
    ]

    /// Those that tell something about a fault and can hold no secret; of an address and a challenge only the
    /// beginning.
    package func headers(_ headers: HTTPHeaders) -> String {
        headers.fields.prefix(100).compactMap { field in
            let name = field.name.lowercased()
            let value: String
            switch name {
            case "location": value = HTTPOrigin.redacted(field.value)
            case "www-authenticate": value = String(field.value.prefix { $0 != " " }.prefix(20))
            default:
                guard Self.shownHeaders.contains(name) else { return nil }
                value = String(field.value.prefix(100))
            }
            return "\(name): \(text.masked(value, as: name == "x-3cx-version" ? .identifier : .text))"
        }.joined(separator: "; ")
    }
}
