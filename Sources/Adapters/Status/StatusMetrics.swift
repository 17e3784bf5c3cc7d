import Domain
import Ports
import Wire

/// The status in Prometheus' text format, version 0.0.4. No outside number, name or call id is part of it.
struct StatusMetrics {
    let record: StatusRecord
    let facts: StatusFacts
    let settings: StatusComposer.Settings

    func text(at now: Instant) -> String {
        var text = PrometheusText()
        program(&text)
        phoneSystem(&text)
        zammad(&text, at: now)
        calls(&text)
        return text.text
    }

    private func program(_ text: inout PrometheusText) {
        text.metric("zammadbridge_build_info", .gauge, "Version of the bridge, in a label.") {
            $0.sample(1, [("version", settings.version), ("instance_name", settings.instance)])
        }
        text.metric("zammadbridge_start_time_seconds", .gauge, "When the bridge started, in seconds since 1970.") {
            $0.sample(Self.seconds(record.startedAt))
        }
        text.metric("zammadbridge_log_lines_dropped_total", .counter, "Log lines that nobody read in time.") {
            $0.sample(facts.droppedLogLines)
        }
    }

    private func phoneSystem(_ text: inout PrometheusText) {
        let sources = facts.phoneSystems.map { (labels: Self.label("pbx", $0.name), source: record.source($0.name)) }
        text.metric("zammadbridge_phone_system_up", .gauge, "Whether the calls of 3CX are seen.") {
            for (labels, source) in sources { $0.sample(source.health.isReachable ? 1 : 0, labels) }
        }
        text.metric("zammadbridge_looks_total", .counter, "Polls of 3CX since the start.") {
            for (labels, source) in sources {
                $0.sample(source.polls, labels + [("result", "seen")])
                $0.sample(source.failedPolls, labels + [("result", "failed")])
            }
        }
        text.metric(
            "zammadbridge_last_look_timestamp_seconds", .gauge, "Last successful poll of 3CX; 0 for none."
        ) {
            for (labels, source) in sources { $0.sample(source.lastPoll.map(Self.seconds) ?? 0, labels) }
        }
    }

    private func zammad(_ text: inout PrometheusText, at now: Instant) {
        let targets = facts.zammads.map { zammad in
            (labels: Self.label("zammad", zammad.name), outbox: zammad.events, target: record.target(zammad.name))
        }
        text.metric("zammadbridge_zammad_up", .gauge, "Whether Zammad takes events, as far as is known.") {
            for (labels, outbox, _) in targets { $0.sample(outbox.health.isUp ? 1 : 0, labels) }
        }
        text.metric("zammadbridge_requests_total", .counter, "Requests to Zammad since the start, by outcome.") {
            for (labels, _, target) in targets {
                for outcome in DeliveryOutcome.allNames {
                    $0.sample(
                        target.attempts[outcome] ?? 0, labels + [("outcome", outcome.replacing(" ", with: "_"))])
                }
            }
        }
        text.metric("zammadbridge_events_delivered_total", .counter, "Events that Zammad has taken, over all restarts.")
        {
            for (labels, outbox, _) in targets { $0.sample(outbox.account.delivered, labels) }
        }
        text.metric("zammadbridge_events", .gauge, "Events that Zammad does not have for certain, by state.") {
            for (labels, outbox, _) in targets {
                $0.sample(outbox.account.pending, labels + [("state", "pending")])
                $0.sample(outbox.account.deadLetters, labels + [("state", "dead_letter")])
                $0.sample(outbox.account.unconfirmed, labels + [("state", "unconfirmed")])
            }
        }
        text.metric("zammadbridge_oldest_event_age_seconds", .gauge, "Age of the oldest pending event; 0 for none.") {
            for (labels, outbox, _) in targets {
                let oldest = OutboxListing(outbox, mostPending: 1).entries.filter { $0.state == .pending }.map(\.since)
                    .min()
                $0.sample(oldest.map { Double(max(0, (now - $0).milliseconds)) / 1000 } ?? 0, labels)
            }
        }
        tickets(&text)
        text.histogram(
            "zammadbridge_delivery_duration_seconds",
            "From what happened in 3CX to Zammad's answer; without hangups, which wait for their grace.",
            targets.map { ($0.labels, $0.target.deliveryTimes) })
    }

    /// Only where tickets are made or wait.
    private func tickets(_ text: inout PrometheusText) {
        let makers = facts.zammads.filter(\.makesTickets)
        guard !makers.isEmpty else { return }
        text.metric("zammadbridge_tickets_total", .counter, "Tickets for calls since the start, by what came of them.")
        {
            for zammad in makers {
                let target = record.target(zammad.name)
                for result in StatusRecord.ticketResults {
                    $0.sample(
                        target.tickets[result] ?? 0,
                        Self.label("zammad", zammad.name) + [("result", result)])
                }
            }
        }
        text.metric("zammadbridge_tickets", .gauge, "Tickets for calls that are not made yet, by state.") {
            for zammad in makers {
                let labels = Self.label("zammad", zammad.name)
                $0.sample(zammad.tickets.pendingCount, labels + [("state", "pending")])
                $0.sample(zammad.tickets.deadCount, labels + [("state", "dead_letter")])
            }
        }
    }

    private func calls(_ text: inout PrometheusText) {
        let sources = facts.phoneSystems.map { (labels: Self.label("pbx", $0.name), source: record.source($0.name)) }
        text.metric("zammadbridge_calls_total", .counter, "Calls reported to Zammad since the start.") {
            for (labels, source) in sources {
                $0.sample(source.calls[.inbound] ?? 0, labels + [("direction", "inbound")])
                $0.sample(source.calls[.outbound] ?? 0, labels + [("direction", "outbound")])
            }
        }
        text.metric(
            "zammadbridge_ended_calls_total", .counter, "Reported calls that are over, by outcome and queue."
        ) {
            for zammad in facts.zammads {
                let ended = record.target(zammad.name).endedCalls
                // Those of no queue are there from the start.
                for calls in StatusRecord.EndedCalls.ofNoQueue + ended.keys.filter({ $0.queue != nil }).sorted() {
                    $0.sample(ended[calls] ?? 0, Self.label("zammad", zammad.name) + Self.labels(calls))
                }
            }
        }
        text.metric("zammadbridge_calls_ignored_total", .counter, "Calls that were seen and not reported.") {
            for (labels, source) in sources { $0.sample(source.ignoredCalls, labels) }
        }
        text.metric(
            "zammadbridge_blocked_calls_total", .counter,
            "Calls of blocked callers that 3CX was asked to end, by outcome."
        ) {
            for word in CallDropOutcome.allWords { $0.sample(record.drops[word] ?? 0, [("outcome", word)]) }
        }
        text.metric("zammadbridge_live_calls", .gauge, "Calls that are reported to Zammad and not over, by state.") {
            for system in facts.phoneSystems {
                var live: [CallTransition.State: Int] = [:]
                for state in system.lifecycle.calls.values { live[state.kind, default: 0] += 1 }
                for state in [CallTransition.State.ringing, .answered, .voicemail, .ending] {
                    $0.sample(live[state] ?? 0, Self.label("pbx", system.name) + [("state", state.rawValue)])
                }
            }
        }
    }

    private static func labels(_ calls: StatusRecord.EndedCalls) -> PrometheusText.Labels {
        [
            ("direction", calls.direction.ofCall.rawValue), ("outcome", calls.outcome.rawValue),
            ("queue", calls.queue ?? ""),
        ]
    }

    /// Only what has a name is told apart.
    private static func label<Peer>(_ label: String, _ name: PeerName<Peer>) -> PrometheusText.Labels {
        name.shown.map { [(label, $0)] } ?? []
    }

    private static func seconds(_ instant: Instant) -> Double {
        Double(WallClock.ofProcess.time(of: instant).milliseconds) / 1000
    }
}
