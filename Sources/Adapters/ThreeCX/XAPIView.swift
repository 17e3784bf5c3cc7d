package import Domain
package import Ports

/// The calls of a whole 3CX v20, by polling XAPI's list of active calls.
package actor XAPIView: PhoneSystemView {
    package let name = "XAPI (v20)"

    private let calls: XAPICalls
    private let owner: any BearerOwner

    /// As the API client, else as the user of the web client; `nil` without the credentials of either.
    package init?(settings: PhoneSystemSettings, transport: any HTTPTransport, clock: any Clock) {
        let requests = PhoneSystemRequests(settings, transport)
        guard let (owner, access) = TokenOwner.forVersion20(settings.phoneSystem, requests, clock) else { return nil }
        self.init(
            calls: XAPICalls(settings: settings, requests: requests, owner: owner, access: access, clock: clock),
            owner: owner)
    }

    /// `owner`: whose token the calls are asked with.
    init(calls: XAPICalls, owner: any BearerOwner) {
        self.calls = calls
        self.owner = owner
    }

    package func look() async throws(LookFailure) -> Look {
        try await Look.taken(with: owner) { () async throws(LookFailure) in try await calls.look() }
    }

    package func emails() async -> [String: String] {
        await calls.knownEmails
    }

    package func watchList() async -> WatchList? {
        await calls.watchList()
    }

    package func facts() async -> PhoneSystemFacts {
        await calls.facts()
    }

    package func drop(_ call: PBXCallID) async -> CallDropOutcome {
        await calls.drop(call)
    }
}

extension TokenOwner {
    /// For the API client, else for the user of the web client; `nil` without the credentials of either.
    static func forVersion20(
        _ phoneSystem: BridgeConfiguration.PhoneSystem, _ requests: PhoneSystemRequests, _ clock: any Clock
    ) -> (owner: TokenOwner, access: XAPIAccess)? {
        if let clientID = phoneSystem.clientID, let secret = phoneSystem.clientSecret {
            let owner = TokenOwner(requests: requests, clientID: clientID, clientSecret: secret, clock: clock)
            return (owner, .client(id: clientID))
        }
        guard let user = phoneSystem.user, let password = phoneSystem.password else { return nil }
        return (TokenOwner(requests: requests, user: user, password: password, clock: clock), .user(user))
    }
}
