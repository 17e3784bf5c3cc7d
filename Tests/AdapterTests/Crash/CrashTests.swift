import Adapters
import Testing

@testable import Played

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// The limit includes the time in which other computing tests have their turn.
@Suite("Killed at any instant, the daemon", .computing, .timeLimit(.minutes(40)))
struct CrashTests {
    /// Sixty kills in all.
    @Test("loses no call and doubles none, while calls go on and Zammad fails", arguments: 1...5 as ClosedRange<UInt64>)
    func kills(seed: UInt64) async throws {
        try await CrashStage.run(seed) { stage in
            let playing = Task { try await stage.playCalls() }
            try await stage.kill(times: 12)
            try await stage.withDaemon { bridge in
                let calls = try await playing.value
                try await stage.waitUntilDelivered(calls.count)
                bridge.signal(SIGTERM)
                #expect(try await bridge.waitForExit() == .code(0), "seed \(seed)")
                #expect(await bridge.log.last?.message == "stopped", "seed \(seed)")
            }
            try await check(await playing.value, stage)
        }
    }

    private func check(_ calls: [CrashCall], _ stage: CrashStage) async throws {
        let seed = stage.seed
        let outbox = try await stage.outbox()
        #expect(outbox.account.isClosed, "seed \(seed): \(outbox.account)")
        #expect(outbox.account.pending == 0 && outbox.account.deadLetters == 0, "seed \(seed): \(outbox.account)")
        #expect(outbox.account.dropped.isEmpty, "seed \(seed): \(outbox.account)")
        let unconfirmed = outbox.events.filter { $0.state == "unconfirmed" }
        let rows = await stage.zammad.rows()
        #expect(calls.count > 5 && rows.count == calls.count, "seed \(seed): rows \(rows.map(\.callID))")
        for call in calls {
            let own = rows.filter { $0.callID.hasPrefix("3cx-\(call.id)-") }
            #expect(own.count == 1, "seed \(seed): call \(call.id) \(call.plot) has the rows \(own.map(\.callID))")
            guard let row = own.first else { continue }
            let isDoubted = unconfirmed.contains { $0.call == row.callID && $0.event == "hangup" }
            let story =
                "seed \(seed), \(call.plot): \(row.callID) \(row.state) done \(row.done) \(row.events.map(text))"
            let mayBeDoubted = call.isInbound && !call.isAnswered
            #expect(!isDoubted || mayBeDoubted, "\(story): unconfirmed")
            #expect(row.state == .hangup || isDoubted && row.isRinging, "\(story)")
            #expect(row.done == !mayBeDoubted, "\(story)")
            #expect(row.events.count { $0.name == "newCall" } == 1, "\(story)")
            if mayBeDoubted { #expect(row.events.count { $0.name == "hangup" } <= 1, "\(story)") }
            // What is sent again follows at once on what it repeats; two answers without a phone may be two agents'.
            let told = row.events.map(text).reduce(into: [String]()) {
                if $0.last != $1 || $1 == "answer" { $0.append($1) }
            }
            let isWhole = isTold(told, as: call.expectedEvents)
            let isTold = isWhole || isDoubted && isTold(told + ["hangup"], as: call.expectedEvents)
            #expect(isTold, "\(story): expected \(call.expectedEvents)")
        }
        try await checkIDs(stage)
    }

    /// Over all requests, refused and repeated ones too: one id a call, and no event before its newCall.
    private func checkIDs(_ stage: CrashStage) async throws {
        var ids: [String: Set<String>] = [:]
        for request in await stage.zammad.requests() {
            guard let id = request.json?["callId"]?.string, let event = request.json?["event"]?.string else { continue }
            let call = id.split(separator: "-").prefix(2).joined(separator: "-")
            #expect(event == "newCall" || ids[call] != nil, "seed \(stage.seed): \(event) of \(id) came first")
            ids[call, default: []].insert(id)
        }
        let changed = ids.values.filter { $0.count > 1 }
        #expect(changed.isEmpty, "seed \(stage.seed): the id of a call changed: \(changed)")
    }

    /// An answer that is told when the call is over does not say at which phone: it is the next one, or the last one
    /// again.
    private func isTold(_ told: [String], as events: [String]) -> Bool {
        guard let first = told.first else { return events.isEmpty }
        let rest = Array(told.dropFirst())
        if let event = events.first, first == event || first == "answer" && event.hasPrefix("answer ") {
            if isTold(rest, as: Array(events.dropFirst())) { return true }
            return rest.first == "answer" && isTold([first] + rest.dropFirst(), as: events)
        }
        return false
    }

    private func text(_ event: ZammadEvent) -> String {
        guard event.name == "answer", case .string(let agent)? = event.parameters["answeringNumber"] else {
            return event.name
        }
        return "answer \(agent)"
    }

    @Test(
        "which is asked to end with one delivery under way and more waiting, leaves these to the next start, in order")
    func handover() async throws {
        try await CrashStage.run(1) { stage in
            let ringing = SceneCall(21, .inboundRinging)
            await stage.pbx.show([ringing])
            await stage.zammad.inject(.slow(.seconds(1)), next: 1)
            try await stage.withDaemon { bridge in
                try await stage.zammad.waitForRequests(count: 1)
                await stage.pbx.show([SceneCall(21, .inboundTalking)])
                try await bridge.waitForLog("call answered")
                await stage.pbx.show([])
                try await bridge.waitForLog("call ended")
                bridge.signal(SIGTERM)
                #expect(try await bridge.waitForExit() == .code(0))
                let end = await bridge.log.last
                #expect(end?.message == "stopped with undelivered events" && end?["pending"] == "2")
            }
            #expect(await stage.zammad.rows().map(\.eventNames) == [["newCall"]])
            #expect(try await stage.outbox().events.map(\.event) == ["answer", "hangup"])
            try await stage.withDaemon { bridge in
                try await stage.waitUntilDelivered(1)
                bridge.signal(SIGTERM)
                #expect(try await bridge.waitForExit() == .code(0))
            }
            #expect(await stage.zammad.rows().map(\.eventNames) == [["newCall", "answer", "hangup"]])
            #expect(try await stage.outbox().account.delivered == 3)
        }
    }
}
