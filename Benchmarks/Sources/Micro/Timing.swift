import Foundation

/// How long several runs of the same took, in seconds.
struct Timing {
    private static let runs = 9

    let median: Double
    let best: Double

    /// The first run is not counted: it fills caches and makes what is made once.
    ///
    /// - Parameter waits: Whether the time of the day counts, since what is measured waits; else that of the processor,
    ///   which other programs on the machine do not change much.
    static func of(waits: Bool = false, _ body: () async throws -> Void) async rethrows -> Timing {
        try await body()
        var times: [Double] = []
        for _ in 0..<runs {
            let start = now(waits)
            try await body()
            times.append(now(waits) - start)
        }
        times.sort()
        return Timing(median: times[runs / 2], best: times[0])
    }

    private static func now(_ waits: Bool) -> Double {
        // `clock` counts in microseconds, whatever the system calls them.
        waits ? ProcessInfo.processInfo.systemUptime : Double(clock()) / 1_000_000
    }
}
