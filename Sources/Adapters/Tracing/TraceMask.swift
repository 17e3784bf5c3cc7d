package import Ports

/// Makes of what goes over the wire one line that a user may pass on: secrets, numbers and names are masked, structure, ids,
/// times and states stay (docs/tracing.md).
package struct TraceMask: Sendable {
    /// How much is shown of a body that is JSON or a form.
    static let longestBody = 16 * 1024
    /// How much is shown of a text or a web page; neither has a structure that tells what in it is a name.
    static let longestText = 300
    /// How much is read of JSON, of which blanks may make up the most.
    static let longestScan = 64 * 1024
    /// How much is read of everything else.
    static let longestTextScan = 16 * 1024

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
        guard !bytes.isEmpty else { return "" }
        let type = contentType?.lowercased() ?? ""
        let isJSON = type.contains("json") || TraceJSON.looksLikeJSON(bytes.prefix(Self.longestScan))
        let scanned = Array(bytes.prefix(isJSON ? Self.longestScan : Self.longestTextScan))
        let isCut = scanned.count < bytes.count
        if isJSON {
            let masked = TraceJSON.masked(scanned, with: text, limit: Self.longestBody + 1, isCut: isCut)
            return cut(masked, Self.longestBody, isCut, bytes.count)
        }
        let whole = String(decoding: scanned, as: UTF8.self)
        guard !isBinary(whole) else { return "(\(bytes.count) bytes that are no text)" }
        if type.hasPrefix("application/x-www-form-urlencoded") {
            return cut(form(isCut ? withoutLastField(whole) : whole), Self.longestBody, isCut, bytes.count)
        }
        let start = scanned.first { $0 > 0x20 }
        let isPage = start == UInt8(ascii: "<") || type.contains("html") || type.contains("xml")
        var plain = text.withoutSecrets(whole)
        if isPage { plain = Self.withoutTags(plain) }
        let line = Self.oneLine(text.masked(Self.oneLine(plain), as: .text))
        return cut(line, Self.longestText, isCut || isPage, bytes.count)
    }

    /// A frame of the event socket, which is JSON.
    package func frame(_ bytes: [UInt8]) -> String { body(bytes, contentType: "application/json") }

    private func cut(_ masked: String, _ limit: Int, _ isCut: Bool, _ count: Int) -> String {
        if masked.utf8.count <= limit, !isCut { return masked }
        let bytes = Array(masked.utf8.prefix(limit))
        // Not in the middle of a character.
        let end = (bytes.lastIndex { $0 & 0xC0 != 0x80 } ?? 0)
        let shown = masked.utf8.count > limit ? bytes[..<end] : bytes[...]
        return String(decoding: shown, as: UTF8.self) + "… (\(count) bytes)"
    }

    private func isBinary(_ text: String) -> Bool {
        var (odd, all) = (0, 0)
        for scalar in text.unicodeScalars.prefix(512) {
            all += 1
            if scalar == "\u{FFFD}" || (scalar.value < 0x20 && !"\t\n\r\u{C}".unicodeScalars.contains(scalar)) {
                odd += 1
            }
        }
        return odd * 10 > all
    }

    /// A sentence that a server said, for any line of the log.
    package func sentence(_ sentence: String) -> String { text.masked(sentence, as: .text) }

    // MARK: - Forms and addresses

    private func form(_ encoded: String) -> String {
        // Also before the fields are taken apart: what was not encoded may hold a sign that divides them.
        text.withoutSecrets(encoded).split(separator: "&", omittingEmptySubsequences: false).prefix(1000).map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = Self.percentDecoded(parts.first ?? "")
            let shownKey = text.masked(key, as: TraceShape.isField(key) ? .text : .name)
            guard parts.count == 2 else { return TraceLiteral.escaped(shownKey) }
            let value = text.masked(Self.percentDecoded(parts[1]), as: TraceRule(key: key))
            return TraceLiteral.escaped("\(shownKey)=\(value)")
        }.joined(separator: "&")
    }

    private func withoutLastField(_ encoded: String) -> String {
        encoded.lastIndex(of: "&").map { String(encoded[..<$0]) } ?? ""
    }

    /// Path and query of a URL; a token in either is masked.
    package func target(of url: String) -> String {
        let target = HTTPOrigin.target(of: url)
        let path = target.prefix { $0 != "?" }
        let shown = TraceLiteral.escaped(text.masked(Self.percentDecoded(path), as: .path))
        return path.endIndex == target.endIndex
            ? shown : "\(shown)?\(form(String(target[path.endIndex...].dropFirst())))"
    }

    // MARK: - Headers

    private static let shownHeaders = [
        "accept", "content-type", "content-length", "retry-after", "server", "x-3cx-version",
    ]

    /// Those that tell something about a fault and can hold no secret; of an address and a challenge only the beginning.
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
            let rule: TraceRule = name == "x-3cx-version" ? .identifier : .text
            return "\(name): \(TraceLiteral.escaped(text.masked(value, as: rule)))"
        }.joined(separator: "; ")
    }
}
