import Adapters
import Domain
import Foundation
import Ports

/// Commits of the core's state to a journal on the disk, one after the other, each flushed.
enum JournalMeasurement {
    static func rows() async throws -> [Row] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bridge-bench-\(UUID())").path
        defer {
            do { try FileManager.default.removeItem(atPath: folder) } catch { print("left behind: \(folder)") }
        }
        let journal = try SQLiteJournal(in: StateDirectory(folder), historyDays: 30)
        let start = Instant(milliseconds: 1_770_110_100_000)
        var core = BridgeCore()
        let count = 200
        var number = 0
        let run = try await Timing.of(waits: true) {
            for _ in 0..<count {
                number += 1
                let poll = CallSnapshot(takenAt: start, calls: [CoreMeasurements.call(number, "101", .ringing)])
                let output = core.handle(.polled(poll), at: start)
                try await journal.commit(
                    JournalEntry(at: start, change: output.change, news: output.news))
            }
        }
        try journal.close()
        return [.rate("journal: commits, each flushed", "commits", of: count, run)]
    }
}
