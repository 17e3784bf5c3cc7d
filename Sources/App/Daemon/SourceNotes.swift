import Adapters
import Domain
import Ports

/// What the sources of all phone systems have said last.
struct SourceNotes {
    private let log: SourceLog
    private var logs: [PhoneSystemName: SourceLog] = [:]
    private var healths: [PhoneSystemName: SourceHealth] = [:]
    private var failures: [PhoneSystemName: PollFailure] = [:]

    init(log: SourceLog) {
        self.log = log
    }

    mutating func note(_ report: CallSourceReport, of name: PhoneSystemName) {
        logs[name, default: log.named(name)].report(report)
        switch report {
        case .pollFailed(let failure, _): failures[name] = failure
        case .healthChanged(let health): healths[name] = health
        case .polled, .notice, .watching: break
        }
    }

    /// Forgets all others.
    mutating func keep(_ names: Set<PhoneSystemName>) {
        logs = logs.filter { names.contains($0.key) }
        healths = healths.filter { names.contains($0.key) }
        failures = failures.filter { names.contains($0.key) }
    }

    func health(of name: PhoneSystemName) -> SourceHealth? { healths[name] }

    /// Those that cannot be polled until somebody does something about it.
    var inNeedOfOperator: Set<PhoneSystemName> {
        Set(healths.filter { $0.value.failedPolls?.fault.needsOperator ?? false }.keys)
    }

    /// Why the last poll failed.
    func failure(of name: PhoneSystemName) -> PollFailure? { failures[name] }
}
