import Testing

@testable import App

@Suite("Work beside everything else", .timeLimit(.minutes(1)))
struct BackgroundWorkTests {
    @Test("is held until it has ended, and no longer")
    func ended() async throws {
        let work = BackgroundWork()
        let (silence, continuation) = AsyncStream.makeStream(of: Void.self)
        await work.begin { for await _ in silence {} }
        for _ in 0..<100 { await work.begin {} }
        for _ in 0..<6000 where await work.count > 1 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(await work.count == 1)
        continuation.finish()
        await work.finish()
        #expect(await work.count == 0)
    }
}
