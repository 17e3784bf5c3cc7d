package import Domain
package import Ports
import Synchronization

/// Where the daemon notes what happens, and the status page reads it.
///
/// To note something costs the same however much there was; nothing is put into words before somebody reads it.
package final class StatusBoard: Sendable {
    /// Somebody who wants to hear of every event; what does not fit into the queue is counted instead.
    private struct Listener {
        var queue: [StatusEvent] = []
        var missed = 0
    }

    private struct Contents {
        var record: StatusRecord
        /// Grows with everything that changes what a reader sees.
        var version = 0
        var listeners: [Int: Listener] = [:]
        var nextListener = 0

        mutating func tell(_ event: StatusEvent) {
            version += 1
            for id in Array(listeners.keys) {
                if (listeners[id]?.queue.count ?? 0) < StatusBoard.longestQueue {
                    listeners[id]?.queue.append(event)
                } else {
                    listeners[id]?.missed += 1
                }
            }
        }
    }

    private static let longestQueue = 500

    private let contents: Mutex<Contents>

    package init(startedAt: Instant) {
        contents = Mutex(Contents(record: StatusRecord(startedAt: startedAt)))
    }

    // MARK: - Noting

    package func note(_ report: CallSourceReport, of name: PhoneSystemName = .default) {
        contents.withLock { contents in
            guard contents.record.note(report, of: name) else { return }
            guard case .healthChanged(let health) = report else { return contents.version += 1 }
            contents.tell(StatusEvent(at: health.since, .phoneSystem(health, of: name)))
        }
    }

    /// Forgets the phone systems that are no longer configured.
    package func keep(phoneSystems names: Set<PhoneSystemName>) {
        contents.withLock { $0.record.keep(phoneSystems: names) }
    }

    package func note(_ news: [News], at now: Instant) {
        guard !news.isEmpty else { return }
        contents.withLock { contents in
            for one in news where !one.isForHistoryAlone {
                contents.record.note(one, at: now)
                if case .decided(let decision) = one {
                    contents.tell(StatusEvent(at: decision.at, .news(one)))
                } else {
                    contents.tell(StatusEvent(at: now, .news(one)))
                }
            }
        }
    }

    package func note(_ attempt: DeliveryAttempt, _ outcome: DeliveryOutcome, at now: Instant) {
        contents.withLock { contents in
            contents.record.note(outcome, of: attempt.command)
            if outcome.reason != nil { contents.tell(StatusEvent(at: now, .failed(attempt, outcome))) }
        }
    }

    package func note(_ outcome: CallDropOutcome) {
        contents.withLock { contents in
            contents.record.note(outcome)
            contents.version += 1
        }
    }

    // MARK: - Reading

    var record: StatusRecord { contents.withLock { $0.record } }

    var version: Int { contents.withLock { $0.version } }

    func addListener() -> Int {
        contents.withLock { contents in
            contents.nextListener += 1
            contents.listeners[contents.nextListener] = Listener()
            return contents.nextListener
        }
    }

    func removeListener(_ id: Int) {
        contents.withLock { _ = $0.listeners.removeValue(forKey: id) }
    }

    /// What happened since the last time, and how many events went unheard because there were too many.
    func drain(_ id: Int) -> (events: [StatusEvent], missed: Int) {
        contents.withLock { contents in
            guard let listener = contents.listeners[id] else { return ([], 0) }
            contents.listeners[id] = Listener()
            return (listener.queue, listener.missed)
        }
    }
}

/// Something that happened, as it is kept until somebody wants to read of it.
package struct StatusEvent: Equatable, Sendable {
    package enum What: Equatable, Sendable {
        case news(News)
        /// A request to Zammad that failed, be it repaired later or not.
        case failed(DeliveryAttempt, DeliveryOutcome)
        case phoneSystem(SourceHealth, of: PhoneSystemName = .default)
    }

    package var at: Instant
    package var what: What

    package init(at: Instant, _ what: What) {
        self.at = at
        self.what = what
    }
}
