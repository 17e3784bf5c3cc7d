import Domain
import Ports

/// What an interface of 3CX tells about its DNs, as of one load.
protocol PhoneSystemDirectory: Sendable {
    var dialPlan: DialPlan { get }
    var said: DirectoryWords { get }
    /// Whether `dialPlan` has all extensions that there are.
    var listsExtensions: Bool { get }
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
struct RefreshedDirectory<Directory: PhoneSystemDirectory>: Sendable {
    private let interval: Duration
    private(set) var last: Directory?
    private var due: Instant?
    /// That it could not be loaded again.
    private var failure: StandingWarning?
    private var kept = KeptWatchList()

    init(every interval: Duration) {
        self.interval = interval
    }

    /// What stands wrong, as of the last load.
    var warnings: [StandingWarning] { (last?.said.warnings ?? []) + (failure.map { [$0] } ?? []) }

    /// What it says is watched; `nil` before it is loaded. `warnings`: that stand besides those of the load.
    mutating func watchList(_ settings: PhoneSystemSettings, adding warnings: [StandingWarning] = []) -> WatchList? {
        guard let last else { return nil }
        let parts = KeptWatchList.Parts(
            plan: last.dialPlan, listsExtensions: last.listsExtensions, warnings: self.warnings + warnings)
        return kept.list(of: parts) {
            WatchList(last.dialPlan, listsExtensions: last.listsExtensions, settings, warnings: parts.warnings)
        }
    }

    /// `nil` if it is to be loaded, for the first time or again.
    func current(at now: Instant) -> Directory? {
        guard let due, now < due else { return nil }
        return last
    }

    /// `now`: when the load began.
    mutating func loaded(_ directory: Directory, at now: Instant) -> [Notice] {
        var notices = directory.said.notices
        if directory.dialPlan.monitored != last?.dialPlan.monitored {
            let watched = directory.dialPlan.monitored.sorted { PBXCallID($0) < PBXCallID($1) }.prefix(100)
            notices.append(Notice(.info, "watching \(watched.joined(separator: ", "))", about: .watched))
        }
        last = directory
        failure = nil
        due = now + interval
        return notices
    }

    /// Gives the directory that stays, with what to say about it; throws the failure again if there is none yet.
    mutating func failed(
        _ failure: PollFailure, at now: Instant
    ) throws(PollFailure) -> (directory: Directory, notice: Notice) {
        guard let last, failure.kind != .cancelled else { throw failure }
        due = now + min(interval, .seconds(30))
        let warning = StandingWarning(
            failure.kind == .configuration ? .configuration : .phoneSystem,
            "groups and lists could not be reloaded, the old ones stay: \(failure.what) at \(failure.place)",
            remedy: failure.remedy)
        self.failure = warning
        return (last, warning.notice)
    }
}
