package import Domain
package import Ports

/// The calls of a whole 3CX v20, by polling XAPI's list of active calls.
package actor XAPIView: PhoneSystemView {
    package let interface = PhoneSystemInterface.xapi
    package let name = "\(PhoneSystemInterface.xapi.name) (v20)"

    private let calls: XAPICalls
    private let owner: TokenOwner

    /// `nil` without the credentials of any login.
    package init?(_ connection: PhoneSystemConnection) {
        guard let login = connection.version20 else { return nil }
        calls = XAPICalls(connection, login)
        owner = login.owner
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
