import Domain
import Foundation
import Ports
import Synchronization
import Testing

@testable import Adapters
@testable import App

@Suite("What the journal keeps reaches the disk", .timeLimit(.minutes(10)))
struct JournalFlushTests {
    @Test("newCall, answer and hangup go out when the disk has them, and not before")
    func order() async throws {
        try await StateFolder.with { directory in
            let disk = try GatedDisk(directory)
            let sent = Mutex<[Sent]>([])
            let sink = ScriptedSink { command in
                sent.withLock { $0.append(Sent(event: command.event, isDiskBusy: disk.isHeld)) }
                return .outcome(.delivered(.plain))
            }
            let stage = try await RunnerStage(in: directory, sink: sink)
            func hold(until count: Int, _ see: @escaping @Sendable () async -> Void) async throws {
                disk.hold()
                let poll = Task { await see() }
                try await disk.waitUntilHolding()
                // Enough for an event that would not wait.
                try await Task.sleep(for: .milliseconds(200))
                disk.letGo()
                await poll.value
                try await sink.wait(count: count)
            }
            try await hold(until: 1) { await stage.see(RunnerStage.call("7")) }
            try await hold(until: 2) { await stage.see(RunnerStage.call("7", .connected)) }
            try await hold(until: 3) { await stage.see() }
            try await stage.stop()
            #expect(
                sent.withLock { $0 }
                    == [CallCommand.Event.newCall, .answer, .hangup].map { Sent(event: $0, isDiskBusy: false) })
        }
    }

    private struct Sent: Equatable {
        var event: CallCommand.Event
        var isDiskBusy: Bool
    }

    @Test("newCalls that are seen while a hangup is flushed go out with the next flush")
    func newCallsBehindHangup() async throws {
        try await StateFolder.with { directory in
            let disk = try GatedDisk(directory)
            // Zammad answers no hangup, so that nothing but the newCalls needs the second flush.
            let sink = ScriptedSink { $0.event == .hangup ? .silence : .outcome(.delivered(.plain)) }
            let stage = try await RunnerStage(in: directory, sink: sink)
            await stage.see(RunnerStage.call("7"))
            try await stage.sink.wait(count: 1)
            while await stage.runner.core.account.delivered == 0 { try await Task.sleep(for: .milliseconds(5)) }
            await stage.runner.take(.timePassed)
            disk.hold()
            let end = Task { await stage.see() }
            try await disk.waitUntilHolding()
            let beginnings = Task {
                await stage.see(
                    RunnerStage.call("8", from: "030228"), RunnerStage.call("9", from: "030229"),
                    RunnerStage.call("10", from: "030230"))
            }
            #expect(await stage.sink.events == [.newCall])
            disk.letOneGo()
            try await stage.sink.wait(count: 2)
            try await disk.waitUntilHolding()
            disk.letOneGo()
            #expect(try await stage.sink.wait(count: 5) == [.newCall, .hangup, .newCall, .newCall, .newCall])
            disk.letGo()
            await end.value
            await beginnings.value
            try await stage.stopAtOnce()
        }
    }

    @Test("a disk that fails ends the daemon for good, and nothing goes out that is not kept")
    func failingDisk() async throws {
        try await StateFolder.with { directory in
            let disk = try GatedDisk(directory)
            let journal = try SQLiteJournal(in: directory, historyDays: 30)
            let stage = try await RunnerStage(journal)
            await stage.see(RunnerStage.call("7"))
            try await stage.sink.wait(count: 1)
            disk.fail(true)
            await stage.see()
            let failure = await #expect(throws: JournalFailure.self) { try await stage.runner.waitForFailure() }
            #expect(failure?.what.hasPrefix("the disk fails") == true, "\(String(describing: failure))")
            #expect(failure?.place == directory.journalFile)
            disk.fail(false)
            await stage.see(RunnerStage.call("8", from: "030222"))
            #expect(await stage.sink.events == [.newCall])
            try journal.close()
        }
    }
}
