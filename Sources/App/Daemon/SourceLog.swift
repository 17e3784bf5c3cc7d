import Domain
import Logging
import Ports

/// Says what the source reports: every change for better or worse, and trouble that lasts again from time to time.
///
/// Trouble that comes and goes within a minute is said once a minute.
struct SourceLog: Sendable {
    /// A line about trouble; `fault` is `nil` for an incomplete view.
    private struct Said {
        var fault: SourceFault?
        var at: Instant
    }

    private let log: Logger
    private(set) var health: SourceHealth?
    /// Why the last poll failed that did.
    private(set) var failure: PollFailure?
    /// Failed polls in a row.
    private var failures = 0
    private var latest = Instant(milliseconds: .min)
    private var said: Said?
    /// Whether a line has told of the present trouble, so that one tells of its end too.
    private var hasSaidTrouble = false

    private static let often: Duration = .seconds(60)
    private static let seldom: Duration = .seconds(600)

    init(log: Logger) {
        self.log = log
    }

    /// For one phone system, which is named in every line.
    func named(_ name: PhoneSystemName) -> SourceLog {
        var log = log
        if let name = name.shown { log[metadataKey: "pbx"] = "\(name)" }
        return SourceLog(log: log)
    }

    mutating func report(_ report: CallSourceReport) {
        switch report {
        case .polled(let snapshot, let notices):
            latest = max(latest, snapshot.takenAt)
            failures = 0
            notices.forEach(say)
        case .pollFailed(let failure, let now):
            latest = max(latest, now)
            self.failure = failure
            failures += 1
            // A poll that changes the health is said with the change.
            if let health, health.failedPolls?.fault == failure.kind.fault { sayAgain(health, failure) }
        case .notice(let notice):
            say(notice)
        // Its warnings are notices as well.
        case .watching: break
        case .healthChanged(let health):
            latest = max(latest, health.since)
            change(from: self.health, to: health)
            self.health = health
        }
    }

    // MARK: - Health

    private mutating func change(from before: SourceHealth?, to health: SourceHealth) {
        switch health {
        case .connecting(_, nil):
            log.debug("connecting to 3CX")
        case .connecting(_, let failed?), .degraded(_, _, .failing(let failed)):
            sayTrouble(health, failed.fault, isNew: !isRecent(failed.fault))
        case .unavailable(_, _, let failed):
            sayTrouble(health, failed.fault, isNew: true)
        case .degraded(_, _, .incomplete):
            sayDegraded(
                """
                3CX's answers can be read only in part. For 30 s no call ends; after that, only calls that cannot be \
                read stay open
                """, health)
        case .degraded(_, _, .slow):
            sayDegraded("3CX takes seconds to answer; calls are reported late; check its load and the network", health)
        case .live:
            sayRecovery(before, at: health.since)
        case .stopping:
            log.debug("3CX is no longer polled", metadata: metadata(health))
        }
    }

    private mutating func sayDegraded(_ text: Logger.Message, _ health: SourceHealth) {
        guard !isRecent(nil) else { return log.debug(text, metadata: metadata(health)) }
        log.warning(text, metadata: metadata(health))
        noteTrouble(nil)
    }

    private mutating func sayRecovery(_ before: SourceHealth?, at now: Instant) {
        var level: Logger.Level = hasSaidTrouble ? .notice : .debug
        var text: Logger.Message = "3CX is seen whole again"
        switch before {
        case nil, .connecting:
            (level, text) = (.notice, "3CX answers; its calls are seen")
        case .unavailable:
            text = "3CX answers again"
            // It was away for long: if it fails again at once, a line says so again.
            said = nil
        case .live, .degraded, .stopping: break
        }
        hasSaidTrouble = false
        var metadata: Logger.Metadata = [:]
        // Incomplete snapshots are snapshots: nothing was stale.
        if let before, before.failedPolls != nil {
            metadata["stale_for"] = "\(Self.seconds(before.staleness(at: now)))"
        }
        log.log(level: level, text, metadata: metadata)
    }

    private mutating func sayAgain(_ health: SourceHealth, _ failure: PollFailure) {
        let fault = failure.kind.fault
        let interval = fault.needsOperator || health.staleness(at: latest) < Self.seldom ? Self.often : Self.seldom
        let isDue = said.map { $0.fault != fault || latest - $0.at >= interval } ?? true
        sayTrouble(health, fault, isNew: isDue)
    }

    private mutating func sayTrouble(_ health: SourceHealth, _ fault: SourceFault, isNew: Bool) {
        guard isNew else {
            log.debug("a poll of 3CX failed", metadata: metadata(health))
            return
        }
        noteTrouble(fault)
        let isUnavailable = if case .unavailable = health { true } else { false }
        if fault == .credentialsRefused {
            log.critical(
                """
                3CX refuses the login; no call is seen until it accepts it; tried again after 1, 5, then every 15 min, \
                and on a reload
                """,
                metadata: metadata(health))
        } else if isUnavailable || fault.needsOperator {
            log.error("3CX is not seen; live calls stay as they are", metadata: metadata(health))
        } else {
            log.warning("a poll of 3CX failed; live calls stay as they are", metadata: metadata(health))
        }
    }

    private func isRecent(_ fault: SourceFault?) -> Bool {
        guard let said, said.fault == fault else { return false }
        return latest - said.at < Self.often
    }

    private mutating func noteTrouble(_ fault: SourceFault?) {
        said = Said(fault: fault, at: latest)
        hasSaidTrouble = true
    }

    private func metadata(_ health: SourceHealth) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "state": "\(health.name)", "stale_for": "\(Self.seconds(health.staleness(at: latest)))",
        ]
        guard let failed = health.failedPolls else { return metadata }
        metadata["failures"] = "\(failures)"
        metadata["kind"] = "\(failed.fault.rawValue)"
        if let failure, failure.kind.fault == failed.fault {
            metadata["reason"] = "\(failure.what)"
            metadata["at"] = "\(failure.place)"
            metadata["remedy"] = "\(failure.remedy)"
        }
        return metadata
    }

    // MARK: - Notices

    private func say(_ notice: Notice) {
        log.log(level: notice.logLevel, "\(notice.text)")
    }

    private static func seconds(_ duration: Duration) -> String {
        "\(max(0, duration.milliseconds / 1000)) s"
    }
}
