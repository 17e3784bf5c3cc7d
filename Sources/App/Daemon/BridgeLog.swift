import Adapters
import Domain
import Logging
import Ports

/// Says what the bridge does: one line a decision, one a delivery, one a change for better or worse.
struct BridgeLog: Sendable {
    private let log: Logger
    /// Numbers are personal data: unless asked for, only their last three digits are logged.
    private let showsNumbers: Bool
    /// For what Zammad says: its error texts may repeat what was sent.
    private let mask: TraceMask

    init(log: Logger, showsNumbers: Bool) {
        self.log = log
        self.showsNumbers = showsNumbers
        mask = TraceMask(secrets: [], showsNumbers: showsNumbers)
    }

    func resumed(calls: Int, pending: Int) {
        log.notice(
            "going on where the bridge stopped", metadata: ["live_calls": "\(calls)", "pending_events": "\(pending)"])
    }

    private func decision(_ decision: CallDecision) {
        var metadata: Logger.Metadata = ["pbx_call": "\(decision.pbxCallID)", "reason": "\(decision.reason)"]
        if let phoneSystem = decision.phoneSystem.shown { metadata["pbx"] = "\(phoneSystem)" }
        if let zammad = decision.commands.last?.zammad.shown { metadata["zammad"] = "\(zammad)" }
        if let callID = decision.callID { metadata["call"] = "\(callID)" }
        if let direction = decision.direction { metadata["direction"] = "\(direction.rawValue)" }
        if let number = decision.externalNumber { metadata["number"] = "\(shown(number))" }
        if let command = decision.commands.last {
            metadata["agent"] = "\(command.direction == .inbound ? command.to : command.from)"
            if let cause = command.cause { metadata["cause"] = "\(cause.rawValue)" }
        }
        switch decision.to {
        case .ignored: log.info("call ignored", metadata: metadata)
        case .ringing where decision.from != .ending: log.info("new call", metadata: metadata)
        case .ending where decision.from == .dialled: log.info("new call", metadata: metadata)
        case .answered where !decision.commands.isEmpty: log.info("call answered", metadata: metadata)
        case .voicemail where !decision.commands.isEmpty: log.info("call with voicemail", metadata: metadata)
        case .ended: log.info("call ended", metadata: metadata)
        case .unknown, .dialled, .ringing, .answered, .voicemail, .ending:
            log.debug("call changed", metadata: metadata)
        }
    }

    /// Every post that failed, also one that the outbox repairs or gives up at once.
    func finished(_ attempt: DeliveryAttempt, _ outcome: DeliveryOutcome) {
        guard let reason = outcome.reason else { return }
        log.warning(
            "not delivered: \(attempt.command.event.rawValue)",
            metadata: metadata(
                attempt.command,
                [
                    "class": "\(outcome.name)", "reason": "\(mask.sentence(reason))",
                    "purpose": "\(attempt.purpose.rawValue)",
                ]))
    }

    func effect(_ effect: Effect) {
        switch effect {
        case .request(let attempt, _) where attempt.purpose == .lookUp:
            log.info("asking Zammad whether it has the hangup", metadata: metadata(attempt.command, [:]))
        case .request(let attempt, _):
            log.debug(
                "sending \(attempt.command.event.rawValue)",
                metadata: metadata(attempt.command, ["purpose": "\(attempt.purpose.rawValue)"]))
        case .ticketStep(let attempt, _):
            var metadata = metadata(attempt.call)
            metadata["step"] = "\(attempt.step)"
            log.debug("ticket step", metadata: metadata)
        case .endCall(let drop):
            log.notice(
                "Zammad blocks the caller; 3CX is asked to end the call",
                metadata: ["call": "\(drop.callID)", "pbx_call": "\(drop.pbxCallID)"])
        }
    }

    func news(_ news: News) {
        switch news {
        case .decided(let decision): self.decision(decision)
        case .sighted, .attempted: break  // For the history.
        case .delivered(let event, let outcome):
            log.info("delivered \(event.command.event.rawValue)", metadata: metadata(event, outcome))
        case .postponed: break  // Said by `finished`, as every failure is.
        case .deadLettered(let event, let reason):
            log.error(
                "given up: \(event.command.event.rawValue)",
                metadata: metadata(event.command, ["reason": "\(mask.sentence(reason))"]))
        case .unconfirmed(let event, let reason):
            log.warning(
                """
                unconfirmed: \(event.command.event.rawValue) is not sent again, since a second one would clear the to-do
                """,
                metadata: metadata(event.command, ["reason": "\(mask.sentence(reason))"]))
        case .healthChanged(let health, let zammad): self.health(health, of: zammad)
        case .dropCall: break  // Said when it is done.
        case .ticket(let news): ticket(news)
        case .callEnded: break  // Said by the decision.
        case .dropped(let event):
            log.warning(
                "discarded by the operator: \(event.command.event.rawValue)", metadata: metadata(event.command, [:]))
        }
    }

    private func ticket(_ news: TicketNews) {
        var metadata = metadata(news.call)
        if let reason = TicketWords.reason(news) { metadata["reason"] = "\(mask.sentence(reason))" }
        switch news {
        case .done(_, .created(let ticket)):
            metadata["ticket"] = "\(ticket)"
            log.info("ticket created", metadata: metadata)
        case .done(_, .added(let ticket)):
            metadata["ticket"] = "\(ticket)"
            log.info("call added to an open ticket", metadata: metadata)
        case .done(_, .alreadyThere(let ticket)):
            metadata["ticket"] = "\(ticket)"
            log.info("the call has its ticket already", metadata: metadata)
        case .done(_, .skipped): log.info("no ticket", metadata: metadata)
        // Zammad that is away would fill the log.
        case .postponed(let job, _):
            log.log(level: job.failures > 1 ? .debug : .warning, "ticket not made yet", metadata: metadata)
        case .deadLettered: log.error("ticket given up", metadata: metadata)
        case .dropped: log.warning("ticket discarded by the operator", metadata: metadata)
        }
    }

    func dropped(_ drop: CallDrop, _ outcome: CallDropOutcome) {
        var metadata: Logger.Metadata = ["call": "\(drop.callID)", "pbx_call": "\(drop.pbxCallID)"]
        switch outcome {
        case .dropped: log.notice("call of a blocked caller ended in 3CX", metadata: metadata)
        case .gone: log.info("call of a blocked caller was over already", metadata: metadata)
        case .failed(let failure):
            metadata["reason"] = "\(mask.sentence(failure.description))"
            log.warning("call of a blocked caller could not be ended in 3CX; it is not tried again", metadata: metadata)
        }
    }

    private func health(_ health: ZammadHealth, of zammad: ZammadName) {
        var log = log
        if let zammad = zammad.shown { log[metadataKey: "zammad"] = "\(zammad)" }
        guard let trouble = health.trouble else { return log.notice("Zammad takes events") }
        log[metadataKey: "reason"] = "\(mask.sentence(trouble.reason))"
        guard health.isNews else {
            return log.debug("Zammad is still in trouble", metadata: ["failures": "\(trouble.failures)"])
        }
        switch health {
        case .up: break
        case .down: log.error("Zammad is unreachable; events wait")
        case .failing:
            log.error(
                "Zammad fails at every event; they wait",
                metadata: ["remedy": "check Zammad's log, and the log of any proxy in front of it"])
        case .misconfigured:
            log.error(
                "Zammad refuses all events; they wait, and it is asked again every 15 s",
                metadata: [
                    "remedy": """
                    check Zammad.endpoint, what stands in front of Zammad and, in Zammad, Admin > System > \
                    Integrations > CTI (generic)
                    """
                ])
        }
    }

    private func metadata(_ call: EndedCall) -> Logger.Metadata {
        var fields: Logger.Metadata = ["call": "\(call.callID)", "number": "\(shown(call.number))"]
        if let zammad = call.zammad.shown { fields["zammad"] = "\(zammad)" }
        return fields
    }

    private func metadata(_ event: OutboxEvent, _ outcome: DeliveryOutcome) -> Logger.Metadata {
        var extra: Logger.Metadata = ["class": "\(outcome.name)"]
        if let reason = outcome.reason { extra["reason"] = "\(mask.sentence(reason))" }
        if event.attempts > 1 { extra["attempts"] = "\(event.attempts)" }
        if case .delivered(.reject(let reason)) = outcome { extra["blocked_caller"] = "\(mask.sentence(reason))" }
        return metadata(event.command, extra)
    }

    private func metadata(_ command: CallCommand, _ extra: Logger.Metadata) -> Logger.Metadata {
        var fields: Logger.Metadata = [
            "call": "\(command.callID)",
            // As the decisions spell it.
            "direction": "\(command.direction.ofCall.rawValue)",
            "number": "\(shown(command.direction == .inbound ? command.from : command.to))",
        ]
        if let zammad = command.zammad.shown { fields["zammad"] = "\(zammad)" }
        return fields.merging(extra) { _, new in new }
    }

    private func shown(_ number: String) -> String {
        showsNumbers || number == NumberPlan.anonymous ? number : NumberMask.masked(number)
    }
}
