import Domain
import Ports
import Wire

enum ValueShape: Sendable {
    case scalar
    /// Written as one value too, and in variables with commas.
    case list
    case mapping
}

/// Why a text cannot be the value of a key; without a remedy, an example is one.
struct RefusedValue: Error {
    let message: String
    var remedy: String?
}

/// What the value of a key looks like: how it is read, and how it is shown.
struct ValueForm<Value: Sendable>: Sendable {
    var shape = ValueShape.scalar
    /// Completes "must be …".
    let expectation: String
    /// Completes "write for example KEY: …".
    let example: String
    /// Completes the meaning of the key in the documentation.
    var remark: String?
    /// `nil` after reporting why the value cannot be used.
    let read: @Sendable (YAMLValue, ConfigurationKey, inout Findings) -> Value?
    let shown: @Sendable (Value) -> ConfigurationEntry.Value

    /// A form that is one text.
    ///
    /// - Parameter parse: `nil` for what the key cannot have, where nothing can be said but what it must be.
    static func scalar(
        _ expectation: String, example: String, remark: String? = nil,
        parsing parse: @escaping @Sendable (String, ConfigurationKey) throws(RefusedValue) -> Value?,
        shown: @escaping @Sendable (Value) -> ConfigurationEntry.Value
    ) -> ValueForm {
        ValueForm(
            expectation: expectation, example: example, remark: remark,
            read: { value, key, findings in
                do throws(RefusedValue) {
                    if case .scalar(let text) = value.content, let parsed = try parse(text, key) { return parsed }
                    key.refuse(value, &findings)
                } catch {
                    findings.error(error.message, at: value.location, remedy: error.remedy ?? key.advice)
                }
                return nil
            }, shown: shown)
    }

    static func scalar(
        _ expectation: String, example: String, remark: String? = nil,
        _ parse: @escaping @Sendable (String) -> Value?, shown: @escaping @Sendable (Value) -> ConfigurationEntry.Value
    ) -> ValueForm {
        .scalar(
            expectation, example: example, remark: remark, parsing: { text, _ throws(RefusedValue) in parse(text) },
            shown: shown)
    }

    /// A form that is a mapping, or one word.
    ///
    /// - Parameter read: What the fields say; it is not used if a problem with one of them is reported.
    static func mapping(
        _ expectation: String, example: String, word: @escaping @Sendable (String) -> Value? = { _ in nil },
        fields read: @escaping @Sendable ([YAMLValue.Field], YAMLValue, ConfigurationKey, inout Findings) -> Value,
        shown: @escaping @Sendable (Value) -> ConfigurationEntry.Value
    ) -> ValueForm {
        ValueForm(
            shape: .mapping, expectation: expectation, example: example,
            read: { value, key, findings in
                if case .mapping(let fields) = value.content {
                    let count = findings.problems.count
                    let result = read(fields, value, key, &findings)
                    return findings.problems.count == count ? result : nil
                }
                if case .scalar(let text) = value.content, let result = word(text) { return result }
                key.refuse(value, &findings)
                return nil
            }, shown: shown)
    }

    /// What need not be given: an empty text takes away what another place says.
    static func optional<Wrapped>(_ form: ValueForm<Wrapped>) -> ValueForm where Value == Wrapped? {
        ValueForm(
            shape: form.shape, expectation: form.expectation, example: form.example, remark: form.remark,
            read: { value, key, findings in
                if value.content == .scalar("") { return .some(nil) }
                return form.read(value, key, &findings).map { form.shown($0) == .none ? nil : $0 }
            }, shown: { $0.map(form.shown) ?? .none })
    }

    static func choice(_ choices: [(word: String, value: Value)]) -> ValueForm where Value: Equatable {
        let words = choices.map(\.word)
        return .scalar(
            "one of \(words.joined(separator: ", "))", example: words.first ?? "",
            parsing: { text, key throws(RefusedValue) in
                if let choice = choices.first(where: { $0.word == text }) { return choice.value }
                guard let nearest = NearestName.nearest(to: text, among: words) else { return nil }
                throw RefusedValue(message: key.refusal(of: "\"\(text.excerpt)\""), remedy: "did you mean \(nearest)?")
            }, shown: { value in choices.first { $0.value == value }.map { .text($0.word) } ?? .none })
    }

    static func choice() -> ValueForm
    where Value: CaseIterable & Equatable & RawRepresentable, Value.RawValue == String {
        choice(Value.allCases.map { ($0.rawValue, $0) })
    }
}

extension ValueForm<Bool> {
    static var boolean: ValueForm {
        .scalar("true or false", example: "true", BooleanText.value, shown: { .boolean($0) })
    }
}

extension ValueForm<Int> {
    static func integer(_ range: ClosedRange<Int>) -> ValueForm {
        .scalar(
            "a whole number from \(range.lowerBound) to \(range.upperBound)",
            example: String(min(max(5, range.lowerBound), range.upperBound)),
            { text in DecimalText.integer(text).flatMap { range.contains($0) ? $0 : nil } },
            shown: { .number(String($0)) })
    }
}

extension ValueForm<Duration> {
    /// Seconds, from and to.
    static func duration(_ range: ClosedRange<Double>) -> ValueForm {
        .scalar(
            "a number of seconds from \(DurationText.text(range.lowerBound)) to \(DurationText.text(range.upperBound))",
            example: DurationText.text(min(max(1, range.lowerBound), range.upperBound)),
            remark: "Seconds, or with unit.",
            { text in
                DurationText.seconds(text).flatMap { range.contains($0) ? DurationText.duration(seconds: $0) : nil }
            }, shown: { .number(DurationText.text($0)) })
    }
}

// MARK: - Texts

extension ValueForm<String> {
    static var text: ValueForm { .scalar("a text", example: "text", { $0 }, shown: { .text($0) }) }

    /// Part of every call id, hence restricted.
    static var instanceName: ValueForm {
        .scalar(
            "1 to 40 characters of A-Z, a-z, 0-9, dot, underscore and hyphen", example: "3cx-berlin",
            { text in
                (1...40).contains(text.utf8.count)
                    && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) } ? text : nil
            }, shown: { .text($0) })
    }

    /// `address:port`, or empty for none.
    static var listenAddress: ValueForm {
        .scalar(
            "an address and a port, or empty", example: "127.0.0.1:9315",
            { text in
                if text.isEmpty { return text }
                guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
                    text[text.index(after: colon)...].isDigits, UInt16(text[text.index(after: colon)...]) != nil,
                    text.allSatisfy({ $0.isASCII && !$0.isWhitespace })
                else { return nil }
                return text
            }, shown: { .text($0) })
    }

    /// `49`, `+49` and `0049` are what people write; digits alone are what the number plan needs.
    static var countryPrefix: ValueForm {
        .scalar(
            "a country calling code of 1 to 4 digits", example: "49",
            { text in
                var digits = text[...]
                if digits.hasPrefix("+") {
                    digits = digits.dropFirst()
                } else if digits.hasPrefix("00") {
                    digits = digits.dropFirst(2)
                }
                let isCode = (1...4).contains(digits.count) && digits.isDigits && !digits.hasPrefix("0")
                return isCode ? String(digits) : nil
            }, shown: { .text($0) })
    }

    /// What is dialled for an outside line; empty for nothing.
    static var linePrefix: ValueForm {
        .scalar(
            "1 to 3 digits", example: "0",
            { $0.isEmpty || ((1...3).contains($0.count) && $0[...].isDigits) ? $0 : nil },
            shown: { $0.isEmpty ? .none : .text($0) })
    }

    /// A file of certificates that must be readable.
    static var certificateFile: ValueForm {
        .scalar(
            "the path of a readable file", example: "/etc/ssl/certs/company.pem",
            parsing: { path, key throws(RefusedValue) in
                do throws(CertificateFile.Failure) {
                    _ = try CertificateFile.certificates(path)
                    return path
                } catch {
                    throw RefusedValue(
                        message: "the file \"\(path.excerpt)\" of \(key.path) \(error.what)", remedy: error.remedy)
                }
            }, shown: { .text($0) })
    }
}

extension ValueForm {
    static func peerName<Peer>() -> ValueForm where Value == PeerName<Peer> {
        let form = ValueForm<String>.instanceName
        return ValueForm(
            expectation: form.expectation, example: form.example,
            read: { value, key, findings in
                value.content == .scalar("") ? .default : form.read(value, key, &findings).flatMap(PeerName.init(_:))
            }, shown: { $0.shown.map { .text($0) } ?? .none })
    }
}

extension ValueForm<Secret> {
    static var secret: ValueForm {
        .scalar(
            "a text", example: "text",
            parsing: { text, key throws(RefusedValue) in
                try checkMask(text, key)
                return Secret(text)
            }, shown: { $0.isEmpty ? .none : .text(Secret.mask) })
    }

    /// Found in a file, a mask was copied from where secrets are shown.
    static func checkMask(_ text: String, _ key: ConfigurationKey) throws(RefusedValue) {
        guard text.contains(Secret.mask) else { return }
        throw RefusedValue(
            message: "\(key.path) is the masked form in which secrets are shown",
            remedy: "put the real value there, or in \(key.fileKeyPath)")
    }
}

extension Substring {
    /// Whether it has digits and nothing else.
    var isDigits: Bool { !isEmpty && allSatisfy { $0.isASCII && $0.isNumber } }
}

/// `true` and `false` as people and YAML write them.
enum BooleanText {
    static func value(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "yes", "on": true
        case "false", "no", "off": false
        default: nil
        }
    }
}
