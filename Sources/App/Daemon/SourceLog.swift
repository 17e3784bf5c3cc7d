import Domain
import Logging
import Ports

/// Says what the source reports. A failure that lasts is said at once, then once a minute, and its end is said.
struct SourceLog: Sendable {
    private let log: Logger
    private var failingSince: Instant?
    private var lastSaid: (failure: LookFailure, at: Instant)?
    private let repeatAfter: Duration = .seconds(60)

    init(log: Logger) {
        self.log = log
    }

    mutating func report(_ report: CallSourceReport) {
        switch report {
        case .looked(let snapshot, let notices):
            notices.forEach(say)
            guard let since = failingSince else { return }
            failingSince = nil
            lastSaid = nil
            log.notice("3CX answers again", metadata: ["after": "\(Self.seconds(snapshot.takenAt - since))"])
        case .lookFailed(let failure, let now):
            let since = failingSince ?? now
            failingSince = since
            if let lastSaid, lastSaid.failure == failure, now - lastSaid.at < repeatAfter {
                log.debug("no look at 3CX", metadata: Self.metadata(failure))
                return
            }
            lastSaid = (failure, now)
            var metadata = Self.metadata(failure)
            metadata["blind_for"] = "\(Self.seconds(now - since))"
            log.error("no look at 3CX; live calls stay as they are", metadata: metadata)
        case .notice(let notice):
            say(notice)
        }
    }

    private func say(_ notice: Notice) {
        switch notice.level {
        case .debug: log.debug("\(notice.text)")
        case .info: log.info("\(notice.text)")
        case .warning: log.warning("\(notice.text)")
        }
    }

    private static func metadata(_ failure: LookFailure) -> Logger.Metadata {
        [
            "kind": "\(failure.kind.rawValue)", "reason": "\(failure.what)", "at": "\(failure.place)",
            "remedy": "\(failure.remedy)",
        ]
    }

    private static func seconds(_ duration: Duration) -> String {
        "\(max(0, duration.milliseconds / 1000)) s"
    }
}
