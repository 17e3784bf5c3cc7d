import Domain
import Ports

/// What a 3CX v20 tells about its DNs by XAPI: what each is, who has it, and which ones are watched.
struct XAPIDirectory: PhoneSystemDirectory {
    private(set) var dialPlan: DialPlan
    /// E-mail addresses of the users, by extension.
    private(set) var emails: [String: String]
    private(set) var notices: [Notice]
    /// The members and agents that were read, by the path of their list.
    private var members: [String: [XAPIMessages.Station]]

    /// `previous`: what was known before, kept where a list cannot be read this time.
    ///
    /// Throws if nothing answers, or if it cannot be told what to watch.
    static func load(
        _ xapi: XAPIRequests, settings: BridgeConfiguration.PhoneSystem, previous: XAPIDirectory?
    ) async throws(LookFailure) -> XAPIDirectory {
        var lists = XAPILists(xapi: xapi, settings: settings, previous: previous?.lists)
        try await lists.load()
        var watch = XAPIWatch(xapi: xapi, settings: settings, lists: lists, previous: previous?.members ?? [:])
        try await watch.load()
        return XAPIDirectory(
            dialPlan: watch.dialPlan, emails: lists.emails, notices: lists.notices + watch.notices,
            members: watch.members)
    }

    private var lists: XAPILists.Known { XAPILists.Known(dialPlan: dialPlan, emails: emails) }
}
