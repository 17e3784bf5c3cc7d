import Ports
import Testing

@testable import Adapters
@testable import App
@testable import Domain

@Suite("After a restart", .timeLimit(.minutes(10)))
struct RestartTests {
    typealias Stage = RunnerStage

    @Test("a call that is still there goes on under its id, without a second newCall")
    func callGoesOn() async throws {
        try await StateFolder.with { directory in
            let first = try await Stage(in: directory)
            await first.see(Stage.call("7"))
            try await first.sink.wait(count: 1)
            let told = await first.sink.sent.value
            try await first.stop()

            let second = try await Stage(in: directory)
            await second.see(Stage.call("7"))
            await second.see(Stage.call("7", .connected))
            await second.see()
            #expect(try await second.sink.wait(count: 2) == [.answer, .hangup])
            let later = await second.sink.sent.value
            #expect(Set(later.map(\.callID)) == Set(told.map(\.callID)))
            #expect(later.last?.cause == .normalClearing)
            let account = try await second.stop()
            #expect(account.taken == 3 && account.delivered == 3 && account.addsUp)
        }
    }

    @Test("a call that has gone meanwhile gets its hangup from the first whole look, not from a failed or partial one")
    func callHasGone() async throws {
        try await StateFolder.with { directory in
            let first = try await Stage(in: directory)
            await first.see(Stage.call("7"), Stage.call("8", from: "030222", .connected))
            try await first.sink.wait(count: 3)
            try await first.stop()

            let second = try await Stage(in: directory)
            await second.pollFails()
            await second.see(isComplete: false)
            #expect(await second.sink.events.isEmpty)
            await second.see(Stage.call("8", from: "030222", .connected))
            #expect(try await second.sink.wait(count: 1) == [.hangup])
            let hangup = try #require(await second.sink.sent.value.first)
            #expect(hangup.callID.text.hasPrefix("t-7-"))
            #expect(hangup.cause == .cancel)
            let account = try await second.stop()
            #expect(account.taken == 4 && account.delivered == 4)
        }
    }

    @Test("a call that was answered meanwhile gets its answer")
    func answeredMeanwhile() async throws {
        try await StateFolder.with { directory in
            let first = try await Stage(in: directory)
            await first.see(Stage.call("7"))
            try await first.sink.wait(count: 1)
            try await first.stop()

            let second = try await Stage(in: directory)
            await second.see(Stage.call("7", .connected))
            #expect(try await second.sink.wait(count: 1) == [.answer])
            let (newCall, answer) = await (first.sink.sent.value.first, second.sink.sent.value.first)
            #expect(answer?.callID == newCall?.callID && answer?.callID != nil)
            #expect(answer?.users == ["Anna Müller"])
            try await second.stop()
        }
    }

    @Test("an id that the PBX gave to another caller meanwhile is another call")
    func reusedID() async throws {
        try await StateFolder.with { directory in
            let first = try await Stage(in: directory)
            await first.see(Stage.call("7"))
            try await first.sink.wait(count: 1)
            try await first.stop()

            let second = try await Stage(in: directory)
            await second.see(Stage.call("7", from: "040999"))
            try await second.sink.wait(count: 2)
            let old = try #require(await first.sink.sent.value.first)
            let sent = await second.sink.sent.value
            let hangup = try #require(sent.first { $0.event == .hangup })
            let newCall = try #require(sent.first { $0.event == .newCall })
            #expect(hangup.callID == old.callID && hangup.from == "030111")
            #expect(newCall.callID != old.callID && newCall.from == "040999")
            try await second.stop()
        }
    }

    @Test("events that Zammad could not take are delivered in order, each once")
    func pendingEvents() async throws {
        try await StateFolder.with { directory in
            let first = try await Stage(
                in: directory, sink: ScriptedSink { _ in .outcome(.retry("refused", scope: .zammad)) })
            await first.see(Stage.call("7"))
            await first.see(Stage.call("7", .connected))
            await first.see()
            try await first.sink.wait(count: 1)
            let left = try await first.stop()
            #expect(left.pending == 3)

            let second = try await Stage(in: directory)
            #expect(try await second.sink.wait(count: 3) == [.newCall, .answer, .hangup])
            await second.see()
            let account = try await second.stop()
            #expect(account.delivered == 3 && account.pending == 0 && account.addsUp)
            #expect(await second.sink.events.count == 3)
        }
    }

    @Test("a newCall that was under way when the power went is sent again")
    func newCallUnderWay() async throws {
        try await StateFolder.with { directory in
            let first = try await Stage(in: directory, sink: ScriptedSink { _ in .silence })
            await first.see(Stage.call("7"))
            try await first.sink.wait(count: 1)
            let second = try await Stage(in: StateFolder.crashImage(of: directory))
            #expect(try await second.sink.wait(count: 1) == [.newCall])
            #expect(await second.sink.sent.value == first.sink.sent.value)
            try await second.stop()
            try await first.stopAtOnce()
        }
    }

    @Test("the hangup of a missed call that was under way when the power went is unconfirmed and never sent twice")
    func hangupUnderWay() async throws {
        try await StateFolder.with { directory in
            let sink = ScriptedSink { $0.event == .hangup ? .silence : .outcome(.delivered(.plain)) }
            let first = try await Stage(in: directory, sink: sink)
            await first.see(Stage.call("7"))
            try await first.sink.wait(count: 1)
            await first.see()
            try await first.sink.wait(count: 2)
            let image = try StateFolder.crashImage(of: directory)
            try await first.stopAtOnce()

            for _ in 1...2 {
                let next = try await Stage(in: image)
                await next.see()
                await next.see(Stage.call("9", from: "030333"))
                await next.see()
                let events = try await next.sink.wait(count: 2)
                #expect(events == [.newCall, .hangup])
                #expect(await next.sink.sent.value.allSatisfy { $0.callID.text.hasPrefix("t-9-") })
                let account = try await next.stop()
                #expect(account.unconfirmed == 1 && account.pending == 0 && account.addsUp)
            }
        }
    }

    /// Nobody polls any more, so that nobody knows whether the call is over.
    @Test("no call ends while the bridge stops and waits for a slow Zammad")
    func endingWhileStopping() async throws {
        try await StateFolder.with { directory in
            let silent = ScriptedSink { _ in .silence }
            let stage = try await Stage(in: directory, sink: silent, hangupGrace: .milliseconds(300))
            await stage.see(Stage.call("7"))
            try await silent.wait(count: 1)
            await stage.see()
            let stopping = Task { try await stage.runner.stop(within: .seconds(1)) }
            while await !stage.runner.core.isStopping { await Task.yield() }
            // On a busy machine it may have ended before.
            let before = await stage.runner.core.phoneSystems[0].lifecycle.calls
            // Any input at all, such as the answer to another request.
            await stage.runner.take(.dropRequested(999))
            try await stopping.value
            #expect(await stage.runner.core.phoneSystems[0].lifecycle.calls == before)
            try (stage.journal as? SQLiteJournal)?.close()
        }
    }

    @Test("nothing is sent that the journal could not keep, and the shell stops", arguments: 1...4)
    func failingJournal(after commits: Int) async throws {
        let journal = FailingJournal(after: commits)
        let stage = try await Stage(journal)
        await stage.see(Stage.call("7"))
        if commits > 2 { try await stage.sink.wait(count: 1) }
        await stage.see(Stage.call("7", .connected))
        await stage.see()
        await #expect(throws: FailingJournal.failure) { try await stage.runner.waitForFailure() }
        let kept = await journal.attemptsKept
        let sent = await stage.sink.sent.value
        #expect(Set(sent).isSubset(of: kept), "sent, but not in the journal")
        if commits == 1 { #expect(sent.isEmpty) }
        await stage.see(Stage.call("8"))
        #expect(await stage.sink.sent.value == sent, "no look is worked on after the failure")
    }

    @Test("the operator's request, put by another process, is done within seconds and answered")
    func operatorRequests() async throws {
        try await StateFolder.with { directory in
            let first = try await Stage(in: directory, sink: ScriptedSink { _ in .outcome(.refused("418")) })
            await first.see(Stage.call("7"))
            try await first.sink.wait(count: 2)
            await first.see()
            _ = try await first.sink.wait(count: 2)
            #expect(try await first.stop().deadLetters >= 1)

            let second = try await Stage(in: directory)
            await second.see()
            let watch = RequestWatch(journal: second.journal, runner: second.runner)
            let watching = Task { await watch.run(every: .milliseconds(50)) }
            let desk = try #require(try OperatorJournal.open(in: directory))
            #expect(desk.isBridgeRunning)
            let dead = try await desk.contents().state.setAside.values.sorted { $0.event.id < $1.event.id }
            try #require(dead.map(\.event.command.event) == [.newCall, .hangup])
            _ = try await desk.request(.retry, [dead[0].event.id], at: Instant(milliseconds: 0))
            #expect(try await second.sink.wait(count: 1) == [.newCall])
            _ = try await desk.request(.drop, [dead[1].event.id], at: Instant(milliseconds: 0))
            while try await !desk.openRequests().isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            let account = try await desk.contents().state.account
            #expect(account.dropped.values.reduce(0, +) == 1 && account.deadLetters == 0 && account.addsUp)
            try desk.close()
            watching.cancel()
            await watching.value
            try await second.stop()
        }
    }

    @Test("a journal that fails while the bridge looks for requests, or stops, is a failure of the whole")
    func failureAtTheEdges() async throws {
        let deaf = try await RunnerStage(FailingJournal(after: 9, failsRequests: true))
        await RequestWatch(journal: deaf.journal, runner: deaf.runner).run(every: .seconds(1))
        await #expect(throws: FailingJournal.failure) { try await deaf.runner.stop(within: .zero) }

        let full = try await RunnerStage(FailingJournal(after: 1))
        await full.see(RunnerStage.call("1"))
        await #expect(throws: FailingJournal.failure) { try await full.runner.stop(within: .zero) }
    }
}
