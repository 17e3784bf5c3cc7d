import Ports

/// Reads the keys whose value is a mapping: `Zammad.agents` and `Zammad.tickets`.
struct MappingInterpreter {
    let key: ConfigurationKey
    let setting: Setting

    func interpret(_ findings: inout Findings) -> InterpretedValue? {
        key.kind == .agents ? agents(&findings) : TicketsInterpreter(key: key, setting: setting).interpret(&findings)
    }

    private func agents(_ findings: inout Findings) -> InterpretedValue? {
        switch setting.value.content {
        case .scalar("auto"):
            return .automaticAgents
        case .mapping(let fields):
            let count = findings.problems.count
            let agents = fields.compactMap { agent($0, &findings) }
            return findings.problems.count == count ? .agents(agents) : nil
        default:
            return mustBe(setting.value, &findings)
        }
    }

    private func agent(_ field: YAMLValue.Field, _ findings: inout Findings) -> InterpretedValue.Agent? {
        let name = field.name
        guard (1...20).contains(name.count), name.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            findings.error(
                "\"\(name.excerpt)\" in \(key.path) is not an extension", at: field.nameLocation,
                remedy: "write EXTENSION: ZAMMAD_USER")
            return nil
        }
        guard case .scalar(let user) = field.value.content, !user.isEmpty else {
            findings.error(
                "the Zammad user of extension \(name) must be a user id, a login or an e-mail address, not "
                    + field.value.typeName,
                at: field.value.location, remedy: "write for example \(name): 7 or \(name): anna@example.com")
            return nil
        }
        if let number = DecimalText.number(user[...]) {
            guard DecimalText.integer(user).map({ $0 > 0 }) == true else {
                findings.error(
                    "the Zammad user id of extension \(name) must be a whole number above 0, not \(number)",
                    at: field.value.location, remedy: "write for example \(name): 7")
                return nil
            }
        } else if user.utf8.count > Self.longestLogin {
            findings.error(
                "the login of extension \(name) has more than \(Self.longestLogin) bytes", at: field.value.location,
                remedy: "write for example \(name): anna@example.com")
            return nil
        }
        return .init(extensionNumber: name, zammadUser: user, location: field.value.location)
    }

    /// Zammad's columns for both hold no more.
    private static let longestLogin = 255

    private func mustBe(_ value: YAMLValue, _ findings: inout Findings) -> InterpretedValue? {
        findings.error(
            "\(key.path) must be \(key.kind.expectation), not \(value.typeName)", at: value.location,
            remedy: "write for example \(key.name): \(key.kind.example)")
        return nil
    }
}
