import Domain
import Ports

/// What a 3CX v20 tells about its DNs by XAPI: what each is, who has it, and which ones are watched.
struct XAPIDirectory: PhoneSystemDirectory {
    /// The lists that were read at some time, kept for when they cannot be read again; `nil` for one that never was.
    struct Lists: Sendable {
        var groups: [XAPIMessages.Group]?
        var queues: [XAPIMessages.Station]?
        var ringGroups: [XAPIMessages.Station]?
        /// Members and agents, by the path of their list.
        var members: [String: [XAPIMessages.Station]] = [:]
    }

    let dialPlan: DialPlan
    /// E-mail addresses of the users, by extension.
    let emails: [String: String]
    let said: DirectoryWords
    let listsExtensions: Bool
    let lists: Lists

    /// `previous`: what was known before, kept where a list cannot be read this time.
    ///
    /// Throws if nothing answers, or if it cannot be told what to watch.
    static func load(
        _ xapi: XAPIRequests, settings: BridgeConfiguration.PhoneSystem, previous: XAPIDirectory?
    ) async throws(PollFailure) -> XAPIDirectory {
        var stations = XAPIStations(xapi: xapi, settings: settings, previous: previous)
        try await stations.load()
        var watch = XAPIWatch(xapi: xapi, settings: settings, stations: stations, previous: previous?.lists)
        try await watch.load()
        return XAPIDirectory(
            dialPlan: watch.dialPlan, emails: stations.emails, said: watch.said,
            listsExtensions: stations.refusals["Users"] == nil, lists: watch.lists)
    }
}
