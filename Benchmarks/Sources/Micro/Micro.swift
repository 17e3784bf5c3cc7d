import Foundation

/// Measures the parts of the bridge, each alone, and compares with what is aimed at.
///
/// Each figure is the median of the runs, with the best one beside it; a run lasts a few tenths of a second.
@main
struct Micro {
    static func main() async throws {
        print("| | measurement | target | median | best |")
        print("|---|---|---|---|---|")
        let groups: [() async throws -> [Row]] = [
            CoreMeasurements.transitions, CoreMeasurements.differences, CoreMeasurements.outbox,
            CoreMeasurements.backlog,
            PollMeasurements.rows, ReplayMeasurement.rows, JournalMeasurement.rows,
        ]
        for group in groups {
            for row in try await group() {
                print(row.line)
                fflush(nil)
            }
        }
    }
}
