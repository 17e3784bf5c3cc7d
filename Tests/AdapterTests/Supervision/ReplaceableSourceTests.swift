import Ports
import Testing

@testable import App

@Suite("A source that is replaced while it runs", .timeLimit(.minutes(10)))
struct ReplaceableSourceTests {
    /// Says its name and then waits for its end.
    private struct NamedSource: CallSource {
        let name: String
        let story: ObservedValue<[String]>

        func run(_ report: @escaping @Sendable (CallSourceReport) async -> Void) async {
            await report(.notice(Notice(.info, name)))
            do { try await Task.sleep(for: .seconds(3600)) } catch {}
            await story.update { $0.append("\(name) ended") }
        }
    }

    private let story = ObservedValue<[String]>([])

    private func source(_ name: String) -> NamedSource { NamedSource(name: name, story: story) }

    private func note(_ text: String) -> @Sendable () async -> Void {
        { [story] in await story.update { $0.append(text) } }
    }

    private func run(_ source: ReplaceableSource) -> Task<Void, Never> {
        Task { [story] in
            await source.run { report in
                guard case .notice(let notice) = report else { return }
                await story.update { $0.append("\(notice.text) reports") }
            }
            await story.update { $0.append("over") }
        }
    }

    @Test("ends before the next one begins, and the view is given up between them")
    func order() async throws {
        let replaceable = ReplaceableSource(
            source("first"), endRequests: note("first cut"), betweenSources: note("no view"))
        let running = run(replaceable)
        try await story.wait(for: "the first") { $0.contains("first reports") }
        await replaceable.replace(by: source("second"), endRequests: note("second cut"))
        try await story.wait(for: "the second") { $0.contains("second reports") }
        running.cancel()
        await running.value
        await replaceable.endRequestsUnderWay()
        let told = await story.value
        #expect(
            told.filter { $0 != "first cut" && $0 != "second cut" }
                == ["first reports", "first ended", "no view", "second reports", "second ended", "over"])
        #expect(told.count { $0 == "first cut" } == 1 && told.last == "second cut")
    }

    @Test("before it runs is the only one that runs")
    func beforeRunning() async throws {
        let replaceable = ReplaceableSource(
            source("first"), endRequests: note("first cut"), betweenSources: note("no view"))
        await replaceable.replace(by: source("second"), endRequests: {})
        let running = run(replaceable)
        try await story.wait(for: "the second") { $0.contains("second reports") }
        running.cancel()
        await running.value
        #expect(await story.value == ["first cut", "second reports", "second ended", "over"])
    }

    @Test("stays silent when it is replaced after the end")
    func afterwards() async throws {
        let replaceable = ReplaceableSource(source("first"), endRequests: note("first cut"), betweenSources: {})
        let running = run(replaceable)
        try await story.wait(for: "the first") { $0.contains("first reports") }
        running.cancel()
        await running.value
        await replaceable.replace(by: source("second"), endRequests: {})
        #expect(await story.value == ["first reports", "first ended", "over", "first cut"])
    }
}
