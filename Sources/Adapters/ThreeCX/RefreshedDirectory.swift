import Domain
import Ports

/// What an interface of 3CX tells about its DNs, as of one load.
struct PhoneSystemDirectory: Sendable {
    /// What each DN is, who has it, and which ones are watched.
    var dialPlan: DialPlan
    var said: DirectoryWords
    /// Whether `dialPlan` has all extensions that there are.
    var listsExtensions: Bool
    /// E-mail addresses of the users, by extension; XAPI alone tells them.
    var emails: [String: String] = [:]
    var lists = XAPILists()
}

/// The lists of XAPI that were read at some time, kept for when they cannot be read again; `nil` for one that never
/// was.
struct XAPILists: Sendable {
    var groups: [XAPIMessages.Group]?
    var queues: [XAPIMessages.Station]?
    var ringGroups: [XAPIMessages.Station]?
    /// Members and agents, by the path of their list.
    var members: [String: [XAPIMessages.Station]] = [:]
}

/// What a load has to say.
struct DirectoryWords: Sendable {
    var notices: [Notice] = []
    /// Those of the notices that stand until the next load.
    private(set) var warnings: [StandingWarning] = []

    mutating func warn(_ cause: StandingWarning.Cause, _ text: String, remedy: String) {
        let warning = StandingWarning(cause, text, remedy: remedy)
        warnings.append(warning)
        notices.append(warning.notice)
    }
}

/// A directory that is loaded anew every `group_refresh`. A failed reload keeps the old one: calls matter more.
struct RefreshedDirectory: Sendable {
    private let settings: PhoneSystemSettings
    private(set) var last: PhoneSystemDirectory?
    /// What `last` says is watched, without the warnings of the load.
    private var lastList: WatchList?
    private var due: Instant?
    /// That it could not be loaded again.
    private var failure: StandingWarning?

    init(_ settings: PhoneSystemSettings) {
        self.settings = settings
    }

    /// What stands wrong, as of the last load.
    var warnings: [StandingWarning] { (last?.said.warnings ?? []) + (failure.map { [$0] } ?? []) }

    /// What it says is watched; `nil` before it is loaded. `warnings`: that stand besides those of the load.
    func watchList(adding warnings: [StandingWarning] = []) -> WatchList? {
        guard var list = lastList else { return nil }
        list.warnings = self.warnings + warnings + list.warnings
        return list
    }

    /// `nil` if it is to be loaded, for the first time or again.
    func current(at now: Instant) -> PhoneSystemDirectory? {
        guard let due, now < due else { return nil }
        return last
    }

    /// `now`: when the load began.
    mutating func loaded(_ directory: PhoneSystemDirectory, at now: Instant) -> [Notice] {
        var notices = directory.said.notices
        if directory.dialPlan.monitored != last?.dialPlan.monitored {
            let watched = directory.dialPlan.monitored.sorted { PBXCallID($0) < PBXCallID($1) }.prefix(100)
            notices.append(Notice(.info, "watching \(watched.joined(separator: ", "))", about: .watched))
        }
        last = directory
        lastList = WatchList(
            directory.dialPlan, listsExtensions: directory.listsExtensions, settings, warnings: [])
        failure = nil
        due = now + settings.groupRefresh
        return notices
    }

    /// Gives the directory that stays, with what to say about it; throws the failure again if there is none yet.
    mutating func failed(
        _ failure: PollFailure, at now: Instant
    ) throws(PollFailure) -> (directory: PhoneSystemDirectory, notice: Notice) {
        guard let last, failure.kind != .cancelled else { throw failure }
        due = now + min(settings.groupRefresh, .seconds(30))
        let warning = StandingWarning(
            failure.kind == .configuration ? .configuration : .phoneSystem,
            "groups and lists could not be reloaded, the old ones stay: \(failure.what) at \(failure.place)",
            remedy: failure.remedy)
        self.failure = warning
        return (last, warning.notice)
    }
}
