import Domain
import Foundation
import Ports
import Synchronization
import Testing

@testable import Adapters

@Suite("The watch for requests", .timeLimit(.minutes(10)))
struct JournalRequestWatchTests {
    /// A journal whose log was written at a time of its own.
    private struct Log {
        let path: String
        let watch: JournalRequestWatch
        let readings = Counter()

        final class Counter: Sendable {
            let value = Mutex(0)
        }

        func write(at seconds: Int) throws {
            try Data("x".utf8).write(to: URL(filePath: path + "-wal"))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: Double(seconds))], ofItemAtPath: path + "-wal")
        }

        /// Whether the journal is read.
        func isRead(at seconds: Int, finding found: [Int] = []) async -> Bool {
            let before = readings.value.withLock { $0 }
            let requests = await watch.requests(at: Int64(seconds) * 1_000_000_000) {
                readings.value.withLock { $0 += 1 }
                return found
            }
            let isRead = readings.value.withLock { $0 } > before
            #expect(requests == (isRead ? found : []))
            return isRead
        }
    }

    private func withLog(_ body: (Log) async throws -> Void) async throws {
        try await StateFolder.with { directory in
            try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
            try await body(Log(path: directory.journalFile, watch: JournalRequestWatch(directory.journalFile)))
        }
    }

    @Test("reads once, and again when the log is written")
    func quiet() async throws {
        try await withLog { log in
            try log.write(at: 1000)
            #expect(await log.isRead(at: 1010))
            #expect(await !log.isRead(at: 1011))
            try log.write(at: 1011)
            #expect(await log.isRead(at: 1020))
            #expect(await !log.isRead(at: 1021))
        }
    }

    @Test("reads again as long as a later write could bear the same time")
    func coarse() async throws {
        try await withLog { log in
            try log.write(at: 1000)
            #expect(await log.isRead(at: 1000))
            #expect(await log.isRead(at: 1002))
            #expect(await log.isRead(at: 1003))
            #expect(await !log.isRead(at: 1004))
        }
    }

    @Test("reads again while there are requests")
    func open() async throws {
        try await withLog { log in
            try log.write(at: 1000)
            #expect(await log.isRead(at: 1010, finding: [7]))
            #expect(await log.isRead(at: 1011, finding: [7]))
            #expect(await log.isRead(at: 1012))
            #expect(await !log.isRead(at: 1013))
        }
    }

    @Test("reads always where there is no log, and where its time lies ahead")
    func unknown() async throws {
        try await withLog { log in
            #expect(await log.isRead(at: 1000))
            #expect(await log.isRead(at: 1001))
            try log.write(at: 5000)
            #expect(await log.isRead(at: 1002))
            #expect(await log.isRead(at: 1003))
        }
    }

    @Test("sees what another process asks for after a quiet time")
    func another() async throws {
        try await StateFolder.with { directory in
            let journal = try SQLiteJournal(in: directory, historyDays: 1)
            #expect(try await journal.openRequests().isEmpty)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: directory.journalFile + "-wal")
            #expect(try await journal.openRequests().isEmpty)
            let desk = try #require(try OperatorJournal.open(in: directory))
            _ = try await desk.request(.retry, [4], at: .init(milliseconds: 0))
            try desk.close()
            #expect(try await journal.openRequests().map(\.eventID) == [4])
            try journal.close()
        }
    }
}
