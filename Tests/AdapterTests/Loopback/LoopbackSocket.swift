import FlyingFox
import FoundationEssentials
import Synchronization

/// The server's end of one open WebSocket. What it is given to send goes out in order, each message so much later as
/// was said; pings of the client are answered at once.
final class LoopbackSocket: WSHandler, Equatable {
    private enum Item: Sendable {
        case frame(WSFrame, after: Duration)
        case cut
    }

    private struct State {
        var sequence: Int64 = 0
        var isOpen = true
    }

    /// The text messages of the client.
    let received = EventBox<String>()
    private let answersPings: Bool
    private let whenEnded: @Sendable (LoopbackSocket) -> Void
    private let state = Mutex(State())
    private let items: AsyncStream<Item>
    private let input: AsyncStream<Item>.Continuation

    init(answersPings: Bool, whenEnded: @escaping @Sendable (LoopbackSocket) -> Void) {
        self.answersPings = answersPings
        self.whenEnded = whenEnded
        (items, input) = AsyncStream.makeStream(of: Item.self)
    }

    static func == (left: LoopbackSocket, right: LoopbackSocket) -> Bool { left === right }

    /// Numbers the events in their order and sends them, the last first if `reversed`, each one `copies` times.
    func send(
        _ events: [CallControlEvent],
        reversed: Bool = false,
        copies: Int = 1,
        skipping skipped: Int64 = 0,
        after delay: Duration = .zero
    ) throws {
        let texts = try state.withLock { state in
            state.sequence += skipped
            return try events.flatMap { Array(repeating: $0, count: copies) }.map { event in
                state.sequence += 1
                return try event.text(sequence: state.sequence)
            }
        }
        for text in reversed ? texts.reversed() : texts { send(text: text, after: delay) }
    }

    /// Sends this text as one message, whatever it is.
    func send(text: String, after delay: Duration = .zero) {
        send(WSFrame(fin: true, opcode: .text, mask: nil, payload: Data(text.utf8)), after: delay)
    }

    func send(_ frame: WSFrame, after delay: Duration = .zero) {
        input.yield(.frame(frame, after: delay))
    }

    /// With a Close frame of that code, or, for nil, by closing the connection without one.
    func end(code: UInt16?) {
        if let code {
            send(.close(code: WSCloseCode(code)))
        } else {
            input.yield(.cut)
        }
    }

    /// For an upgrade that came to nothing.
    func discard() {
        let wasOpen = state.withLock { state in
            defer { state.isOpen = false }
            return state.isOpen
        }
        input.finish()
        if wasOpen { whenEnded(self) }
    }

    func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
        let (frames, output) = AsyncStream.makeStream(of: WSFrame.self)
        let goodbye = GoodbyeFlag()
        let writing = Task { [items] in
            for await item in items {
                switch item {
                case .frame(let frame, let delay):
                    if delay > .zero {
                        do { try await Task.sleep(for: delay) } catch { return }
                    }
                    if frame.opcode == .close { goodbye.set() }
                    output.yield(frame)
                case .cut:
                    output.finish()
                }
            }
        }
        let reading = Task { [answersPings, received] in
            do {
                for try await frame in client {
                    switch frame.opcode {
                    case .ping where answersPings:
                        output.yield(WSFrame(fin: true, opcode: .pong, mask: nil, payload: frame.payload))
                    case .text:
                        await received.record(String(decoding: frame.payload, as: UTF8.self))
                    case .close:
                        if !goodbye.isSet {
                            output.yield(WSFrame(fin: true, opcode: .close, mask: nil, payload: frame.payload))
                        }
                        output.finish()
                    default: break
                    }
                }
            } catch {
                // The client is gone, as it is when the stream ends.
            }
            output.finish()
        }
        output.onTermination = { [weak self] _ in
            writing.cancel()
            reading.cancel()
            self?.discard()
        }
        return frames
    }

    /// Whether a Close frame was sent.
    private final class GoodbyeFlag: Sendable {
        private let value = Mutex(false)
        var isSet: Bool { value.withLock { $0 } }
        func set() { value.withLock { $0 = true } }
    }
}
