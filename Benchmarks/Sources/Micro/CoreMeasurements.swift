import Domain

/// The machines of the core, without anything around them.
enum CoreMeasurements {
    private static let start = Instant(milliseconds: 1_770_110_100_000)

    static func call(_ number: Int, _ agent: String, _ state: LegState) -> ObservedCall {
        ObservedCall(
            id: PBXCallID("\(number)"), direction: .inbound,
            external: ExternalParty(number: "+4930\(1_000_000 + number)"),
            trunk: "10001",
            legs: [CallLeg(dn: agent, name: "John Doe", role: .agent, state: state, isMonitored: true)])
    }

    private static func poll(_ count: Int, _ agent: String = "101", _ state: LegState = .ringing) -> CallSnapshot {
        CallSnapshot(takenAt: start, calls: (0..<count).map { call($0, agent, state) })
    }

    /// A thousand calls that ring, are answered, talk on, are transferred and end.
    static func transitions() async -> [Row] {
        let count = 1000
        let polls = [
            CallSnapshot(takenAt: start, calls: []), poll(count), poll(count, "101", .connected),
            poll(count, "101", .transferring), poll(count, "101", .connected), poll(count, "102", .connected),
            CallSnapshot(takenAt: start, calls: []),
        ]
        let diffs = zip(polls, polls.dropFirst()).map { SnapshotDiff(from: $0, to: $1) }
        let rounds = 40
        var commands = 0
        let whole = await Timing.of {
            var lifecycle = CallLifecycle(settings: CallLifecycle.Settings())
            for round in 0..<rounds {
                for diff in diffs {
                    for decision in lifecycle.handle(.observed(diff), at: start + .milliseconds(round)) {
                        commands += decision.commands.count
                    }
                }
            }
        }
        let between = [diffs[2], diffs[3]]
        let quiet = await Timing.of {
            var lifecycle = CallLifecycle(settings: CallLifecycle.Settings())
            for diff in diffs[..<2] { _ = lifecycle.handle(.observed(diff), at: start) }
            for _ in 0..<(rounds * 3) {
                for diff in between { commands += lifecycle.handle(.observed(diff), at: start).count }
            }
        }
        precondition(commands > 0)
        return [
            .rate(
                "changes of a call that tell Zammad something (4 of 6)", "changes", target: .atLeast(3_000_000),
                of: rounds * diffs.count * count, whole),
            .rate(
                "changes of a call that tell nothing new", "changes", target: .atLeast(3_000_000),
                of: rounds * 3 * between.count * count, quiet),
        ]
    }

    /// A poll that shows what the last one showed.
    static func differences() async -> [Row] {
        var rows: [Row] = []
        for (count, target) in [(1000, Row.Target.none), (10_000, .atMost(1)), (100_000, .atMost(10))] {
            let (before, after) = (poll(count), poll(count))
            let repeats = 200_000 / count
            var isEmpty = true
            let run = await Timing.of {
                for _ in 0..<repeats { isEmpty = SnapshotDiff(from: before, to: after).isEmpty && isEmpty }
            }
            precondition(isEmpty)
            rows.append(.time("diff of two snapshots, \(count) unchanged calls", target: target, each: repeats, run))
        }
        return rows
    }

    /// Ten thousand calls of which all have three events to be told.
    static func outbox() async -> [Row] {
        let count = 10_000
        let commands = (0..<count).flatMap { number in
            CallCommand.Event.allCases.map { event in
                CallCommand(
                    event: event, callID: CallID(text: "3cx-\(number)-1770110100000"), at: start, direction: .inbound,
                    from: "49301234567", to: "101", cause: event == .hangup ? .normalClearing : nil)
            }
        }
        let run = await Timing.of {
            var outbox = EventQueue(settings: Zammad.Settings())
            var attempts = attempts(in: outbox.enqueue(commands, at: start))
            while let attempt = attempts.popLast() {
                let output = outbox.attemptFinished(attempt.id, .delivered(.plain), jitter: 0, at: start)
                attempts += Self.attempts(in: output)
            }
            precondition(outbox.isIdle)
        }
        return [.rate("events through an outbox with 10,000 lanes", "events", of: commands.count, run)]
    }

    /// An input while ten thousand calls wait, of which each has failed once, and the next deadline after it.
    static func backlog() async -> [Row] {
        var outbox = EventQueue(settings: Zammad.Settings())
        for number in 0..<10_000 {
            let command = CallCommand(
                event: .newCall, callID: CallID(text: "3cx-\(number)-1770110100000"), at: start, direction: .inbound,
                from: "49301234567", to: "101")
            for attempt in attempts(in: outbox.enqueue([command], at: start)) {
                _ = outbox.attemptFinished(attempt.id, .refused("HTTP 422"), jitter: 0.5, at: start)
            }
        }
        let count = 100_000
        let waiting = outbox
        let run = await Timing.of {
            var outbox = waiting
            for _ in 0..<count {
                precondition(outbox.timePassed(at: start) == Output() && outbox.nextDeadline != nil)
            }
        }
        return [.time("outbox: one input while 10,000 calls wait", target: .atMost(0.001), each: count, run)]
    }

    private static func attempts(in output: Output) -> [DeliveryAttempt] {
        output.effects.compactMap { if case .request(let attempt, _) = $0 { attempt } else { nil } }
    }
}
