package import Ports

/// A way to log in to 3CX.
package enum PhoneSystemLogin: CaseIterable, Sendable {
    /// To the web administration, before v20.
    case webAdministration
    /// Of an API client, since v20.
    case apiClient
    /// Of a user of the web client, since v20.
    case webClient

    /// Where it is posted to.
    package var path: String {
        switch self {
        case .webAdministration: LegacySession.loginPath
        case .apiClient: TokenEndpoint.path
        case .webClient: WebClientMint.path
        }
    }

    /// What a 3CX answers that takes it: for those that are played.
    package var acceptance: (contentType: String, body: String) {
        let json = "application/json"
        return switch self {
        case .webAdministration: ("text/plain", "AuthSuccess")
        case .apiClient: (json, #"{"token_type":"Bearer","expires_in":60,"access_token":"fixture"}"#)
        case .webClient: (json, #"{"Status":"AuthSuccess","Token":{"expires_in":60,"access_token":"fixture"}}"#)
        }
    }

    package var credentials: Credentials {
        switch self {
        case .webAdministration, .webClient: .user
        case .apiClient: .client
        }
    }

    /// What the section `3CX` has to say for a login.
    package enum Credentials: CaseIterable, Sendable {
        case user
        case client

        /// The keys of the configuration.
        package var paths: [String] {
            switch self {
            case .user: ["3CX.user", "3CX.pass"]
            case .client: ["3CX.client_id", "3CX.client_secret"]
            }
        }

        /// As whom that logs in; `nil` if it is incomplete.
        package func name(in phoneSystem: BridgeConfiguration.PhoneSystem) -> String? {
            switch self {
            case .user: phoneSystem.password.flatMap { _ in phoneSystem.user }
            case .client: phoneSystem.clientSecret.flatMap { _ in phoneSystem.clientID }
            }
        }
    }
}
