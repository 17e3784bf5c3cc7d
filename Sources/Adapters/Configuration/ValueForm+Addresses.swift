import Ports

// The addresses of 3CX and Zammad. No message repeats an address: either may hold a secret.

extension ValueForm<String> {
    /// Scheme, host and optional port, without a slash at the end.
    static var host: ValueForm {
        ValueForm(
            expectation: "an address with https:// or http:// and without a path", example: "https://pbx.example.com",
            read: { value, key, findings in
                guard case .scalar(let text) = value.content else {
                    key.refuse(value, &findings)
                    return nil
                }
                if text.isEmpty { return "" }
                guard let address = WebAddress(text, of: key, at: value.location, &findings) else { return nil }
                guard address.path.allSatisfy({ $0 == "/" }), !address.hasQueryOrFragment else {
                    findings.error(
                        "\(key.path) must be \(key.expectation)", at: value.location,
                        remedy: "write only \(address.writtenOrigin)")
                    return nil
                }
                return address.writtenOrigin
            }, shown: { $0.isEmpty ? .none : .text($0) })
    }
}

extension ValueForm<Secret> {
    /// Zammad's address with the token. Scheme and host stay visible: they tell an operator which Zammad is meant.
    static var endpoint: ValueForm {
        ValueForm(
            expectation: "an https:// or http:// address with a path",
            example: "https://zammad.example.com/api/v1/cti/TOKEN",
            read: { value, key, findings in
                guard let text = text(value, key, &findings) else { return nil }
                if text.isEmpty { return Secret("") }
                guard let address = WebAddress(text, of: key, at: value.location, &findings) else { return nil }
                guard address.path.contains(where: { $0 != "/" }), !address.hasQueryOrFragment else {
                    findings.error(
                        "\(key.path) must be \(key.expectation) and without ? and #", at: value.location,
                        remedy: "copy it from Zammad, Admin > System > Integrations > CTI (generic)")
                    return nil
                }
                if !address.path.contains("/api/v1/cti/") {
                    findings.warn(
                        "\(key.path) does not contain /api/v1/cti/", at: value.location,
                        remedy: "check that it was copied whole from Zammad's settings")
                }
                return Secret(text)
            },
            shown: { secret in
                if secret.isEmpty { return .none }
                let origin = try? WebAddress(secret.reveal()).writtenOrigin
                return .text(origin.map { "\($0)/\(Secret.mask)" } ?? Secret.mask)
            })
    }
}

extension WebAddress {
    /// `nil` after reporting what is wrong with it.
    fileprivate init?(
        _ text: String, of key: ConfigurationKey, at location: ConfigurationLocation, _ findings: inout Findings
    ) {
        do {
            try self.init(text)
        } catch {
            let example = "write for example \(key.name): \(key.example)"
            let (message, remedy) =
                switch error {
                case .noScheme: ("has no scheme", "add https:// in front")
                case .unsupportedScheme: ("must begin with https:// or http://", "use https://")
                case .hasUserInformation:
                    ("must not contain a user name or password", "remove what stands before the @")
                case .invalidHost: ("has no valid host name", example)
                case .invalidPort: ("has no valid port", "use a port from 1 to 65535 or none")
                case .invalidCharacter: ("contains a space or another character that no address has", example)
                }
            findings.error("\(key.path) \(message)", at: location, remedy: remedy)
            return nil
        }
    }
}
