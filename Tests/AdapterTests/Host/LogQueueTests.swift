import Foundation
import Logging
import Testing

@testable import Adapters

@Suite("Log lines that wait for their reader", .timeLimit(.minutes(10)))
struct LogQueueTests {
    private func logger(_ queue: LogQueue) -> Logger {
        Logger(label: "test") { _ in LineLogHandler(format: .json, logLevel: .info, output: .queued(queue)) }
    }

    /// The messages of what is read until the end of the queue.
    private func read(_ pipe: Pipe, _ queue: LogQueue) throws -> [String] {
        Thread.detachNewThread {
            queue.finish(within: .seconds(60))
            try? pipe.fileHandleForWriting.close()
        }
        let bytes = try #require(try pipe.fileHandleForReading.readToEnd())
        return try bytes.split(separator: UInt8(ascii: "\n")).map { line in
            let fields = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: String])
            return [fields["message"], fields["dropped"]].compactMap { $0 }.joined(separator: " ").prefix(60)
                .description
        }
    }

    @Test("come out whole and in their order")
    func order() throws {
        let pipe = Pipe()
        let queue = LogQueue(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let log = logger(queue)
        for number in 0..<200 { log.info("line \(number)") }
        #expect(try read(pipe, queue) == (0..<200).map { "line \($0)" })
        #expect(queue.droppedSinceStart == 0)
    }

    @Test("come out whole on a pipe that does not block, however slowly it is read")
    func nonBlocking() throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        #expect(fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0)
        let queue = LogQueue(descriptor: descriptor)
        let log = logger(queue)
        let long = String(repeating: "x", count: 10_000)
        for number in 0..<50 { log.info("\(number) \(long)") }
        // By now the pipe is full.
        queue.finish(within: .milliseconds(10))
        let lines = try read(pipe, queue)
        #expect(lines.map { $0.prefix { $0 != " " } } == (0..<50).map { "\($0)" })
        #expect(queue.droppedSinceStart == 0)
    }

    @Test("that nobody takes are counted, which is said once somebody does")
    func refused() throws {
        let pipe = Pipe()
        let descriptor = open("/dev/null", O_RDONLY)
        try #require(descriptor >= 0)
        let queue = LogQueue(descriptor: descriptor)
        let log = logger(queue)
        for number in 0..<3 {
            log.info("line \(number)")
            queue.finish(within: .seconds(60))
        }
        #expect(queue.droppedSinceStart == 3)
        #expect(dup2(pipe.fileHandleForWriting.fileDescriptor, descriptor) == descriptor)
        log.info("again")
        queue.finish(within: .seconds(60))
        #expect(close(descriptor) == 0)
        #expect(try read(pipe, queue) == ["again", "log lines were dropped, since nobody read them 3"])
        #expect(queue.droppedSinceStart == 3)
    }

    @Test("are dropped and counted when there are too many, which is said once somebody reads again")
    func dropped() throws {
        let pipe = Pipe()
        let queue = LogQueue(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let log = logger(queue)
        let long = String(repeating: "x", count: 10_000)
        // At most what is being written, what waits, and what the pipe holds.
        let count = 3 * LogQueue.mostBytes / 10_000
        for number in 0..<count { log.info("\(number) \(long)") }
        let dropped = queue.droppedSinceStart
        #expect((1..<count).contains(dropped))
        queue.finish(within: .milliseconds(10))
        let lines = try read(pipe, queue)
        #expect(lines.count == count - dropped + 1)
        #expect(lines.last == "log lines were dropped, since nobody read them \(dropped)")
        #expect(lines.dropLast().map { $0.prefix { $0 != " " } } == (0..<(count - dropped)).map { "\($0)" })
    }
}
