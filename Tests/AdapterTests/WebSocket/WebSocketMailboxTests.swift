import Synchronization
import Testing

@testable import Wire

@Suite("The messages that a WebSocket holds", .timeLimit(.minutes(10)))
struct WebSocketMailboxTests {
    private let gone = WebSocketFailure(.closed(code: 1001), detail: "gone")

    /// How often there was room again.
    private final class Rooms: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func add() { count.withLock { $0 += 1 } }
    }

    @Test(
        "are so many before reading has to wait, and half of them when it may go on",
        arguments: [(WebSocketMailbox.maximumMessages, 0), (8, WebSocketMailbox.maximumBytes / 8)])
    func limits(_ count: Int, _ bytes: Int) async throws {
        let mailbox = WebSocketMailbox()
        let rooms = Rooms()
        for number in 1...count {
            #expect(!mailbox.mustWait { rooms.add() })
            mailbox.deliver([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: bytes))
        }
        #expect(mailbox.mustWait { rooms.add() })
        for taken in 1...count {
            #expect(rooms.value == (taken > count / 2 ? 1 : 0))
            #expect(try await mailbox.receive().first == (bytes == 0 ? nil : UInt8(truncatingIfNeeded: taken)))
        }
        #expect(rooms.value == 1)
        #expect(!mailbox.mustWait { rooms.add() })
    }

    @Test("can all be taken after the end, then comes its one failure; what is delivered later is dropped")
    func end() async throws {
        let mailbox = WebSocketMailbox()
        let rooms = Rooms()
        for _ in 0..<WebSocketMailbox.maximumMessages { mailbox.deliver([1]) }
        #expect(mailbox.mustWait { rooms.add() })
        mailbox.end(gone)
        #expect(rooms.value == 1)
        mailbox.end(WebSocketFailure(.silent, detail: "too late"))
        mailbox.deliver([2])
        #expect(!mailbox.mustWait { rooms.add() })
        for _ in 0..<WebSocketMailbox.maximumMessages { #expect(try await mailbox.receive() == [1]) }
        for _ in 0..<2 { await #expect(throws: gone) { try await mailbox.receive() } }
    }

    @Test("go to those who wait, one each, and the end to the others")
    func waiting() async throws {
        let mailbox = WebSocketMailbox()
        let gone = gone
        let received = try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    do throws(WebSocketFailure) {
                        return try await mailbox.receive()
                    } catch {
                        #expect(error == gone)
                        return nil
                    }
                }
            }
            for number in 0..<5 { mailbox.deliver([UInt8(number)]) }
            mailbox.end(gone)
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(received.compactMap(\.?.first).sorted() == [0, 1, 2, 3, 4])
        #expect(received.filter { $0 == nil }.count == 3)
    }
}
