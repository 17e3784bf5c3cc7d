import Domain
package import Ports

/// The calls of a whole 3CX v20, by polling XAPI's list of active calls.
package actor XAPIView: PhoneSystemView {
    package let name = "XAPI (v20)"

    private let calls: XAPICalls

    /// As the API client, else as the user of the web client; `nil` without the credentials of either.
    package init?(settings: PhoneSystemSettings, transport: any HTTPTransport, clock: any Clock) {
        let requests = PhoneSystemRequests(settings, transport)
        let phoneSystem = settings.phoneSystem
        let owner: TokenOwner
        let access: XAPIAccess
        if let clientID = phoneSystem.clientID, let secret = phoneSystem.clientSecret {
            owner = TokenOwner(requests: requests, clientID: clientID, clientSecret: secret, clock: clock)
            access = .client(id: clientID)
        } else if let user = phoneSystem.user, let password = phoneSystem.password {
            owner = TokenOwner(requests: requests, user: user, password: password, clock: clock)
            access = .user(user)
        } else {
            return nil
        }
        calls = XAPICalls(settings: settings, requests: requests, owner: owner, access: access, clock: clock)
    }

    package func look() async throws(LookFailure) -> Look {
        try await calls.look()
    }
}
