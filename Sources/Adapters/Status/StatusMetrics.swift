import Domain

/// The status in Prometheus' text format, version 0.0.4. No number, name or call id is part of it.
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
            $0.sample(1, ["version": settings.version, "instance_name": settings.instance])
        }
        text.metric("zammadbridge_start_time_seconds", .gauge, "When the bridge started, in seconds since 1970.") {
            $0.sample(Self.seconds(record.startedAt))
        }
    }

    private func phoneSystem(_ text: inout PrometheusText) {
        let side = StatusComposer(record: record, facts: facts, settings: settings).phoneSystem()
        text.metric("zammadbridge_phone_system_up", .gauge, "Whether the calls of 3CX are seen.") {
            $0.sample(side.isReachable ? 1 : 0)
        }
        text.metric("zammadbridge_looks_total", .counter, "Looks at 3CX since the start.") {
            $0.sample(record.looks, ["result": "seen"])
            $0.sample(record.failedLooks, ["result": "failed"])
        }
        text.metric(
            "zammadbridge_last_look_timestamp_seconds", .gauge, "Last look at 3CX that showed something; 0 for none."
        ) {
            $0.sample(record.lastLook.map(Self.seconds) ?? 0)
        }
    }

    private func zammad(_ text: inout PrometheusText, at now: Instant) {
        let account = facts.outbox.account
        text.metric("zammadbridge_zammad_up", .gauge, "Whether Zammad takes events, as far as is known.") {
            $0.sample(facts.outbox.health.isUp ? 1 : 0)
        }
        text.metric("zammadbridge_requests_total", .counter, "Requests to Zammad since the start, by outcome.") {
            for outcome in DeliveryOutcome.allNames {
                $0.sample(record.attempts[outcome] ?? 0, ["outcome": outcome.replacing(" ", with: "_")])
            }
        }
        text.metric("zammadbridge_events_delivered_total", .counter, "Events that Zammad has taken, over all restarts.")
        {
            $0.sample(account.delivered)
        }
        text.metric("zammadbridge_events", .gauge, "Events that Zammad does not have for certain, by state.") {
            $0.sample(account.pending, ["state": "pending"])
            $0.sample(account.deadLetters, ["state": "dead_letter"])
            $0.sample(account.unconfirmed, ["state": "unconfirmed"])
        }
        let oldest = OutboxListing(facts.outbox).entries.filter { $0.state == .pending }.map(\.since).min()
        text.metric("zammadbridge_oldest_event_age_seconds", .gauge, "Age of the oldest pending event; 0 for none.") {
            $0.sample(oldest.map { Double(max(0, (now - $0).milliseconds)) / 1000 } ?? 0)
        }
        text.histogram(
            "zammadbridge_delivery_duration_seconds",
            "From what happened in 3CX to Zammad's answer; without hangups, which wait for their grace.",
            record.deliveryTimes)
    }

    private func calls(_ text: inout PrometheusText) {
        text.metric("zammadbridge_calls_total", .counter, "Calls told to Zammad since the start.") {
            $0.sample(record.calls[.inbound] ?? 0, ["direction": "inbound"])
            $0.sample(record.calls[.outbound] ?? 0, ["direction": "outbound"])
        }
        text.metric("zammadbridge_calls_ignored_total", .counter, "Calls that were seen and not told to Zammad.") {
            $0.sample(record.ignoredCalls)
        }
        var live: [TransitionTable.State: Int] = [:]
        for state in facts.calls.values { live[state.kind, default: 0] += 1 }
        text.metric("zammadbridge_live_calls", .gauge, "Calls that are told to Zammad and not over, by state.") {
            for state in [TransitionTable.State.ringing, .answered, .voicemail, .lingering] {
                $0.sample(live[state] ?? 0, ["state": state.rawValue])
            }
        }
    }

    private static func seconds(_ instant: Instant) -> Double { Double(instant.milliseconds) / 1000 }
}
