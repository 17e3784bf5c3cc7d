import Domain
import NIOCore
import NIOPosix
import Ports
import Testing

@testable import Adapters

@Suite("The executor on an event loop", .timeLimit(.minutes(10)))
struct EventLoopExecutorTests {
    private static let shared = EventLoopExecutor(MultiThreadedEventLoopGroup.singleton.any())
    private let executor = shared
    private let loop = shared.eventLoop

    private actor Counter {
        private let loop: any EventLoop
        private(set) var awayFromLoop = 0

        init(_ loop: any EventLoop) { self.loop = loop }

        func count() { if !loop.inEventLoop { awayFromLoop += 1 } }
    }

    @Test("tasks, their children and actors run on the loop's thread, also after they have waited")
    func runs() async throws {
        let counter = Counter(loop)
        let clock = SystemClock()
        try await executor.run { [loop] in
            #expect(loop.inEventLoop)
            try await clock.sleep(until: clock.now() + .milliseconds(1))
            #expect(loop.inEventLoop)
            await withTaskGroup { group in
                for _ in 0..<10 {
                    group.addTask {
                        #expect(loop.inEventLoop)
                        await counter.count()
                    }
                }
            }
        }
        #expect(await counter.awayFromLoop == 0)
    }

    @Test("a task that is begun there with the current executor runs there, and what it begins as well")
    func begun() async {
        let isOnLoop = await executor.run { [loop] in
            await Task(executorPreference: EventLoopExecutor.current) {
                await Task(executorPreference: EventLoopExecutor.current) { loop.inEventLoop }.value && loop.inEventLoop
            }.value
        }
        #expect(isOnLoop)
    }

    @Test("outside there is no executor")
    func outside() async {
        await executor.run {}
        #expect(EventLoopExecutor.current == nil)
        let isOnLoop = await Task(executorPreference: EventLoopExecutor.current) { [loop] in loop.inEventLoop }.value
        #expect(!isOnLoop)
    }

    @Test("errors come out as they are")
    func errors() async {
        await #expect(throws: SomeError.self) { try await executor.run { throw SomeError() } }
    }

    private struct SomeError: Error {}
}
