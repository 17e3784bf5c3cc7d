import Domain
import Ports

/// Reads one setting according to the kind of its key. Values of secrets are never part of a message.
struct SettingInterpreter {
    let key: ConfigurationKey
    let setting: Setting

    /// The characters with which secrets are shown; found in a file, they were copied from there.
    static let mask = "••••"

    private var location: ConfigurationLocation { setting.value.location }

    /// `nil` after reporting why the value cannot be used.
    func interpret(_ findings: inout Findings) -> InterpretedValue? {
        switch key.kind {
        case .textList: return list(&findings) { $0.isEmpty ? nil : $0 }
        case .extensionList: return extensions(&findings)
        case .patternList: return list(&findings) { NumberPattern($0) == nil ? nil : $0 }
        case .outsideNumberList: return list(&findings) { NumberPattern(outside: $0, NumberPlan()) == nil ? nil : $0 }
        case .agents, .tickets: return MappingInterpreter(key: key, setting: setting).interpret(&findings)
        case .match: return MatchInterpreter(key: key, setting: setting).interpret(&findings)
        case .secretFile: return .absent
        default: break
        }
        guard case .scalar(let text) = setting.value.content else {
            return report(setting.value.typeName, &findings)
        }
        if text.isEmpty, key.defaultValue == .absent { return .absent }
        if key.isSecret, text.contains(Self.mask) {
            findings.error(
                "\(key.path) is the masked form in which secrets are shown", at: location,
                remedy: "put the real value there, or in \(key.fileKeyPath)")
            return nil
        }
        return scalar(text, &findings)
    }

    private func scalar(_ text: String, _ findings: inout Findings) -> InterpretedValue? {
        switch key.kind {
        case .boolean: return boolean(text, &findings)
        case .integer(let range):
            guard let number = DecimalText.integer(text), range.contains(number) else { return mustBe(text, &findings) }
            return .integer(number)
        case .duration(let range):
            guard let seconds = DurationText.seconds(text), range.contains(seconds) else {
                return mustBe(text, &findings)
            }
            return .duration(DurationText.duration(seconds: seconds))
        case .choice(let choices): return choice(text, choices, &findings)
        case .instanceName: return isInstanceName(text) ? .text(text) : mustBe(text, &findings)
        case .countryPrefix: return countryPrefix(text, &findings)
        case .linePrefix:
            return (1...3).contains(text.count) && isDigits(text[...]) ? .text(text) : mustBe(text, &findings)
        case .certificateFile: return certificateFile(text, &findings)
        case .listenAddress: return isListenAddress(text) ? .text(text) : mustBe(text, &findings)
        case .host: return AddressInterpreter(key: key, location: location).host(text, &findings)
        case .endpoint: return AddressInterpreter(key: key, location: location).endpoint(text, &findings)
        default: return .text(text)
        }
    }

    private func mustBe(_ text: String, _ findings: inout Findings) -> InterpretedValue? {
        report("\"\(text.excerpt)\"", &findings)
    }

    private func report(_ given: String, _ findings: inout Findings) -> InterpretedValue? {
        findings.error(
            "\(key.path) must be \(key.kind.expectation), not \(given)", at: location,
            remedy: "write for example \(key.name): \(key.kind.example)")
        return nil
    }

    private func boolean(_ text: String, _ findings: inout Findings) -> InterpretedValue? {
        switch text.lowercased() {
        case "true", "yes", "on": .boolean(true)
        case "false", "no", "off": .boolean(false)
        default: mustBe(text, &findings)
        }
    }

    private func choice(_ text: String, _ choices: [String], _ findings: inout Findings) -> InterpretedValue? {
        if choices.contains(text) { return .text(text) }
        guard let nearest = NearestName.nearest(to: text, among: choices) else { return mustBe(text, &findings) }
        findings.error(
            "\(key.path) must be \(key.kind.expectation), not \"\(text.excerpt)\"", at: location,
            remedy: "did you mean \(nearest)?")
        return nil
    }

    /// `49`, `+49` and `0049` are what people write; digits alone are what the number plan needs.
    private func countryPrefix(_ text: String, _ findings: inout Findings) -> InterpretedValue? {
        var digits = text[...]
        if digits.hasPrefix("+") {
            digits = digits.dropFirst()
        } else if digits.hasPrefix("00") {
            digits = digits.dropFirst(2)
        }
        let isCode = (1...4).contains(digits.count) && isDigits(digits) && !digits.hasPrefix("0")
        return isCode ? .text(String(digits)) : mustBe(text, &findings)
    }

    private func certificateFile(_ path: String, _ findings: inout Findings) -> InterpretedValue? {
        do {
            _ = try CertificateFile.certificates(path)
            return .text(path)
        } catch {
            findings.error(
                "the file \"\(path.excerpt)\" of \(key.path) \(error.what)", at: location, remedy: error.remedy)
            return nil
        }
    }

    private func list(
        _ findings: inout Findings, _ accept: (String) -> String?
    ) -> InterpretedValue? {
        let elements: [YAMLValue]
        switch setting.value.content {
        case .scalar(""): return .absent
        case .list(let list): elements = list
        default: elements = [setting.value]
        }
        var result: [String] = []
        var isValid = true
        for element in elements {
            if case .scalar(let text) = element.content, let accepted = accept(text) {
                result.append(accepted)
                continue
            }
            isValid = false
            var given = element.typeName
            if case .scalar(let text) = element.content { given = "\"\(text.excerpt)\"" }
            findings.error(
                "\(key.path) must be \(key.kind.expectation), not \(given)", at: element.location,
                remedy: "write for example \(key.name): \(key.kind.example)")
        }
        guard isValid else { return nil }
        return result.isEmpty ? .absent : .list(result)
    }

    /// The reference bridge's way to say "no queue" is 0.
    private func extensions(_ findings: inout Findings) -> InterpretedValue? {
        let value = list(&findings) { text in
            (1...20).contains(text.count) && isDigits(text[...]) ? text : nil
        }
        guard case .list(let numbers) = value else { return value }
        let queues = numbers.filter { $0 != "0" }
        return queues.isEmpty ? .absent : .list(queues)
    }

    private func isInstanceName(_ text: String) -> Bool {
        (1...40).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }

    private func isListenAddress(_ text: String) -> Bool {
        guard !text.isEmpty else { return true }
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
            isDigits(text[text.index(after: colon)...]), UInt16(text[text.index(after: colon)...]) != nil
        else { return false }
        return text.allSatisfy { $0.isASCII && !$0.isWhitespace }
    }

    private func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
