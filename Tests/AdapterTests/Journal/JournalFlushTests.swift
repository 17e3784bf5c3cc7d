import Dispatch
import Domain
import Foundation
import Ports
import Synchronization
import Testing

@testable import Adapters
@testable import App

@Suite("What the journal keeps reaches the disk", .timeLimit(.minutes(10)))
struct JournalFlushTests {
    @Test("newCall and answer go out while the disk is busy, the hangup of a missed call when it is there")
    func order() async throws {
        try await StateFolder.with { directory in
            let disk = GatedDisk()
            var options = JournalDatabase.Options()
            options.synchronize = disk.synchronize
            let journal = try SQLiteJournal(in: directory, historyDays: 30, options)
            let sent = Mutex<[Sent]>([])
            let sink = ScriptedSink { command in
                sent.withLock { $0.append(Sent(event: command.event, isDiskBusy: disk.isHeld)) }
                return .outcome(.delivered(.plain))
            }
            let stage = try await RunnerStage(journal, sink: sink)
            disk.hold()
            await stage.see(RunnerStage.call("7"), RunnerStage.call("8", from: "030222"))
            try await sink.wait(count: 2)
            await stage.see(RunnerStage.call("7"), RunnerStage.call("8", from: "030222", .connected))
            try await sink.wait(count: 3)
            let end = Task { await stage.see(RunnerStage.call("8", from: "030222", .connected)) }
            let desk = try #require(try OperatorJournal.open(in: directory))
            try await waitForHangup(desk)
            // Enough for a hangup that would not wait.
            try await Task.sleep(for: .milliseconds(200))
            disk.letGo()
            try await sink.wait(count: 4)
            try desk.close()
            await end.value
            await stage.see()
            try await stage.stop()
            let expected: [CallCommand.Event: Bool] = [.newCall: true, .answer: true, .hangup: false]
            for sent in sent.withLock({ $0 }) { #expect(sent.isDiskBusy == expected[sent.event], "\(sent)") }
        }
    }

    @Test("a newCall goes out while the hangup of another call waits for the disk")
    func overtaking() async throws {
        try await StateFolder.with { directory in
            let disk = GatedDisk()
            var options = JournalDatabase.Options()
            options.synchronize = disk.synchronize
            let stage = try await RunnerStage(SQLiteJournal(in: directory, historyDays: 30, options))
            await stage.see(RunnerStage.call("7"))
            try await stage.sink.wait(count: 1)
            disk.hold()
            await stage.see()
            for id in ["8", "9", "10"] { await stage.see(RunnerStage.call(id, from: "03022\(id)")) }
            try await stage.sink.wait(count: 4)
            #expect(await stage.sink.events == [.newCall, .newCall, .newCall, .newCall])
            disk.letGo()
            try await stage.sink.wait(count: 7)
            #expect(await stage.sink.events.suffix(3) == [.hangup, .hangup, .hangup])
            await stage.see()
            try await stage.stop()
        }
    }

    private struct Sent {
        var event: CallCommand.Event
        var isDiskBusy: Bool
    }

    /// Until it is committed.
    private func waitForHangup(_ desk: OperatorJournal) async throws {
        let start = ContinuousClock.now
        while start.duration(to: .now) < .seconds(60) {
            let listing = OutboxListing(try await desk.contents().state)
            if listing.entries.contains(where: { $0.command.event == .hangup }) { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("no hangup is committed")
    }

    @Test("a disk that fails ends the daemon, and nothing goes out that is not kept")
    func failingDisk() async throws {
        try await StateFolder.with { directory in
            let disk = GatedDisk()
            var options = JournalDatabase.Options()
            options.synchronize = disk.synchronize
            let journal = try SQLiteJournal(in: directory, historyDays: 30, options)
            let stage = try await RunnerStage(journal)
            await stage.see(RunnerStage.call("7"))
            try await stage.sink.wait(count: 1)
            disk.fail(with: EIO)
            await stage.see()
            let failure = await #expect(throws: JournalFailure.self) { try await stage.runner.waitForFailure() }
            #expect(failure?.what == "the journal's log cannot be flushed to the disk (Input/output error)")
            #expect(failure?.place == directory.journalFile + "-wal")
            #expect(await stage.sink.events == [.newCall])
            try journal.close()
        }
    }

    @Test("a flush that failed is not made good by the next one")
    func failureIsFinal() async throws {
        try await StateFolder.with { directory in
            let disk = GatedDisk()
            let flusher = try JournalFlusher(log(directory), synchronize: disk.synchronize)
            try await flusher.flush()
            disk.fail(with: ENOSPC)
            await #expect(throws: JournalFailure.self) { try await flusher.flush() }
            disk.fail(with: nil)
            let failure = await #expect(throws: JournalFailure.self) { try await flusher.flush() }
            #expect(failure == flusher.failure)
            #expect(failure?.remedy == "free space on that disk")
            flusher.close()
        }
    }

    @Test("nothing is flushed after the end, when the descriptor's number may be another file's")
    func closed() async throws {
        try await StateFolder.with { directory in
            let disk = GatedDisk()
            let flusher = try JournalFlusher(log(directory), synchronize: disk.synchronize)
            try await flusher.flush()
            flusher.close()
            flusher.close()
            flusher.flushSoon()
            await #expect(throws: JournalFailure.self) { try await flusher.flush() }
            #expect(disk.begun == 1)
        }
    }

    @Test("who asks while a flush is under way shares the next one, and never that one")
    func sharedFlush() async throws {
        try await StateFolder.with { directory in
            let disk = GatedDisk()
            let flusher = try JournalFlusher(log(directory), synchronize: disk.synchronize)
            disk.hold()
            flusher.flushSoon()
            try await disk.waitUntilHolding()
            for _ in 0..<5 { flusher.flushSoon() }
            disk.letGo()
            flusher.close()
            #expect(disk.begun == 2)
        }
    }

    private func log(_ directory: StateDirectory) throws -> String {
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        return directory.path + "/log"
    }
}

/// A disk whose flushes take until they are let go, or fail.
private final class GatedDisk: Sendable {
    private struct State {
        var isHeld = false
        var holding = 0
        var begun = 0
        var code: Int32?
    }

    private let state = Mutex(State())
    private let gate = DispatchSemaphore(value: 0)

    var synchronize: @Sendable (Int32) -> Int32 {
        { _ in
            let isHeld = self.state.withLock { state in
                state.begun += 1
                if state.isHeld { state.holding += 1 }
                return state.isHeld
            }
            if isHeld { self.gate.wait() }
            guard let code = self.state.withLock({ $0.code }) else { return 0 }
            errno = code
            return -1
        }
    }

    var isHeld: Bool { state.withLock { $0.isHeld } }

    var begun: Int { state.withLock { $0.begun } }

    func hold() {
        state.withLock { $0.isHeld = true }
    }

    func waitUntilHolding() async throws {
        while state.withLock({ $0.holding }) == 0 { try await Task.sleep(for: .milliseconds(5)) }
    }

    func letGo() {
        let holding = state.withLock { state in
            defer { (state.isHeld, state.holding) = (false, 0) }
            return state.holding
        }
        for _ in 0..<holding { gate.signal() }
    }

    func fail(with code: Int32?) {
        state.withLock { $0.code = code }
    }
}
