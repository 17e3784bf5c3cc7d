import Adapters
import Domain
import Logging
import Ports
import Testing

@testable import App

@Suite("A source that is replaced while it runs", .timeLimit(.minutes(10)))
struct SourceFleetTests {
    /// Shows its number as the time of its only look, and then waits for its end.
    private struct NumberedSource: CallSource {
        let number: Int64
        let story: ObservedValue<[String]>

        func run(_ report: @escaping @Sendable (CallSourceReport) async -> Void) async {
            await report(.polled(CallSnapshot(takenAt: Instant(milliseconds: number), calls: [])))
            do { try await Task.sleep(for: .seconds(3600)) } catch {}
            await story.update { $0.append("\(number) ended") }
        }
    }

    private let story = ObservedValue<[String]>([])
    private let fleet: SourceFleet

    init() {
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let board = StatusBoard(startedAt: Instant(milliseconds: 0))
        fleet = SourceFleet(log: SourceLog(log: log), board: board) { [story] input in
            switch input {
            case .polled(let snapshot, _):
                await story.update { $0.append("\(snapshot.takenAt.milliseconds) reports") }
            case .pollFailed: await story.update { $0.append("no view") }
            default: Issue.record("the core gets \(input)")
            }
        }
    }

    private func set(_ number: Int64) async {
        await fleet.set(.default, to: NumberedSource(number: number, story: story)) { [story] in
            await story.update { $0.append("\(number) cut") }
        }
    }

    private func run() -> Task<Void, Never> {
        Task { [story, fleet] in
            await fleet.run()
            await story.update { $0.append("over") }
        }
    }

    @Test("ends before the next one begins, and the view is given up between them")
    func order() async throws {
        await set(1)
        let running = run()
        try await story.wait(for: "the first") { $0.contains("1 reports") }
        await set(2)
        try await story.wait(for: "the second") { $0.contains("2 reports") }
        running.cancel()
        await running.value
        await fleet.endRequestsUnderWay()
        let told = await story.value
        #expect(
            told.filter { !$0.hasSuffix("cut") }
                == ["1 reports", "1 ended", "no view", "2 reports", "2 ended", "over"])
        #expect(told.count { $0 == "1 cut" } == 1 && told.last == "2 cut")
    }

    @Test("before it runs is the only one that runs")
    func beforeRunning() async throws {
        await set(1)
        await set(2)
        let running = run()
        try await story.wait(for: "the second") { $0.contains("2 reports") }
        running.cancel()
        await running.value
        #expect(await story.value == ["1 cut", "2 reports", "2 ended", "over"])
    }

    @Test("stays silent when it is replaced after the end")
    func afterwards() async throws {
        await set(1)
        let running = run()
        try await story.wait(for: "the first") { $0.contains("1 reports") }
        running.cancel()
        await running.value
        await set(2)
        #expect(await story.value == ["1 reports", "1 ended", "over", "1 cut"])
    }
}
