import Domain
import Ports

/// The calls of a whole 3CX v20, by polling XAPI's list of active calls.
actor XAPIView: PhoneSystemView {
    let interface = PhoneSystemInterface.xapi
    let name = "\(PhoneSystemInterface.xapi.name) (v20)"

    private let calls: XAPICalls
    private let owner: TokenOwner

    /// `nil` without the credentials of any login.
    init?(_ connection: PhoneSystemConnection) {
        guard let login = connection.version20 else { return nil }
        calls = XAPICalls(connection, login)
        owner = login.owner
    }

    func poll() async throws(PollFailure) -> PollResult {
        try await PollResult.taken(with: owner) { () async throws(PollFailure) in try await calls.poll() }
    }

    func emails() async -> [String: String] {
        await calls.knownEmails
    }

    func watchList() async -> WatchList? {
        await calls.watchList()
    }

    func facts() async -> PhoneSystemFacts {
        await calls.facts()
    }

    func drop(_ call: PBXCallID) async -> CallDropOutcome {
        await calls.drop(call)
    }
}
