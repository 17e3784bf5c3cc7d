import Domain
import Ports

/// What an interface of 3CX tells about its DNs, as of one load.
protocol PhoneSystemDirectory: Sendable {
    var dialPlan: DialPlan { get }
    /// What the load has to say.
    var notices: [Notice] { get }
    /// Those of the notices that stand until the next load.
    var warnings: [StandingWarning] { get }
    /// Whether `dialPlan` has all extensions that there are.
    var listsExtensions: Bool { get }
}

/// A directory that is loaded anew every `group_refresh`. A failed reload keeps the old one: calls matter more.
struct RefreshedDirectory<Directory: PhoneSystemDirectory>: Sendable {
    private let interval: Duration
    private(set) var last: Directory?
    private var due: Instant?
    /// That it could not be loaded again.
    private var failure: StandingWarning?

    init(every interval: Duration) {
        self.interval = interval
    }

    /// What stands wrong, as of the last load.
    var warnings: [StandingWarning] { (last?.warnings ?? []) + (failure.map { [$0] } ?? []) }

    /// `nil` if it is to be loaded, for the first time or again.
    func current(at now: Instant) -> Directory? {
        guard let due, now < due else { return nil }
        return last
    }

    /// `now`: when the load began.
    mutating func loaded(_ directory: Directory, at now: Instant) -> [Notice] {
        var notices = directory.notices
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
        _ failure: LookFailure, at now: Instant
    ) throws(LookFailure) -> (directory: Directory, notice: Notice) {
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
