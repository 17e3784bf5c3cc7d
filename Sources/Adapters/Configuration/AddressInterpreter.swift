import Ports

/// Reads the addresses of 3CX and Zammad. No message repeats an address: either may hold a secret.
struct AddressInterpreter {
    let key: ConfigurationKey
    let location: ConfigurationLocation

    func host(_ text: String, _ findings: inout Findings) -> InterpretedValue? {
        guard let address = parse(text, &findings) else { return nil }
        guard address.path.allSatisfy({ $0 == "/" }), !address.hasQueryOrFragment else {
            findings.error(
                "\(key.path) must be \(key.kind.expectation)", at: location,
                remedy: "write only \(address.writtenOrigin)")
            return nil
        }
        return .text(address.writtenOrigin)
    }

    func endpoint(_ text: String, _ findings: inout Findings) -> InterpretedValue? {
        guard let address = parse(text, &findings) else { return nil }
        guard address.path.contains(where: { $0 != "/" }), !address.hasQueryOrFragment else {
            findings.error(
                "\(key.path) must be \(key.kind.expectation) and without ? and #", at: location,
                remedy: "copy it from Zammad, Admin > System > Integrations > CTI (generic)")
            return nil
        }
        if !address.path.contains("/api/v1/cti/") {
            findings.warn(
                "\(key.path) does not contain /api/v1/cti/", at: location,
                remedy: "check that it was copied whole from Zammad's settings")
        }
        return .text(text)
    }

    private func parse(_ text: String, _ findings: inout Findings) -> WebAddress? {
        do {
            return try WebAddress(text)
        } catch {
            let (message, remedy) = Self.words(for: error, key)
            findings.error("\(key.path) \(message)", at: location, remedy: remedy)
            return nil
        }
    }

    private static func words(for fault: WebAddress.Fault, _ key: ConfigurationKey) -> (String, String) {
        let example = "write for example \(key.name): \(key.kind.example)"
        return switch fault {
        case .noScheme: ("has no scheme", "add https:// in front")
        case .unsupportedScheme: ("must begin with https:// or http://", "use https://")
        case .hasUserInformation: ("must not contain a user name or password", "remove what stands before the @")
        case .invalidHost: ("has no valid host name", example)
        case .invalidPort: ("has no valid port", "use a port from 1 to 65535 or none")
        case .invalidCharacter: ("contains a space or another character that no address has", example)
        }
    }
}
