import Ports
import Wire

// The addresses of 3CX and Zammad. No message repeats an address: either may hold a secret.

extension ValueForm<String> {
    /// Scheme, host and optional port, without a slash at the end.
    static var host: ValueForm {
        .scalar(
            "an address with https:// or http:// and without a path", example: "https://pbx.example.com",
            parsing: { text, key throws(RefusedValue) in
                if text.isEmpty { return text }
                let address = try address(text, key)
                guard address.path.allSatisfy({ $0 == "/" }), !address.hasQueryOrFragment else {
                    throw RefusedValue(
                        message: "\(key.path) must be \(key.expectation)", remedy: "write only \(address.writtenOrigin)"
                    )
                }
                return address.writtenOrigin
            }, shown: { $0.isEmpty ? .none : .text($0) })
    }
}

extension ValueForm<Secret> {
    /// Zammad's address with the token. Scheme and host stay visible: they tell an operator which Zammad is meant.
    static var endpoint: ValueForm {
        .scalar(
            "an https:// or http:// address with a path", example: "https://zammad.example.com/api/v1/cti/TOKEN",
            parsing: { text, key throws(RefusedValue) in
                if text.isEmpty { return Secret(text) }
                try checkMask(text, key)
                let address = try address(text, key)
                guard address.path.contains(where: { $0 != "/" }), !address.hasQueryOrFragment else {
                    throw RefusedValue(
                        message: "\(key.path) must be \(key.expectation) and without ? and #",
                        remedy: "copy it from Zammad, Admin > System > Integrations > CTI (generic)")
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

private func address(_ text: String, _ key: ConfigurationKey) throws(RefusedValue) -> WebAddress {
    do throws(WebAddress.Fault) {
        return try WebAddress(text)
    } catch {
        let (message, remedy): (String, String?) =
            switch error {
            case .noScheme: ("has no scheme", "add https:// in front")
            case .unsupportedScheme: ("must begin with https:// or http://", "use https://")
            case .hasUserInformation: ("must not contain a user name or password", "remove what stands before the @")
            case .invalidHost: ("has no valid host name", nil)
            case .invalidPort: ("has no valid port", "use a port from 1 to 65535 or none")
            case .invalidCharacter: ("contains a space or another character that no address has", nil)
            }
        throw RefusedValue(message: "\(key.path) \(message)", remedy: remedy)
    }
}
