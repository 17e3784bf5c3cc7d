import FoundationEssentials
import NIOCore
import NIOPosix
package import Ports

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the command `record` and a running bridge say to each other.
package enum RecordingMessage: Codable, Equatable, Sendable {
    /// The 3CX, the API client, and how it shall be recorded.
    case record(RecordingOrder)
    /// It is enough.
    case end
    /// The bridge has another 3CX, or another API client: the command disturbs nobody.
    case foreign
    case progress(SessionRecorder.Account)
    case recorded(text: String, stepsLeftOut: Int, problem: String?)
    /// `kind`: of the poll of 3CX that failed, where it was that.
    case failed(String, kind: PollFailure.Kind? = nil)
}

package struct RecordingOrder: Codable, Equatable, Sendable {
    package var host: String
    package var clientID: String
    /// In bytes.
    package var limit: Int
    /// The file's, without its ending.
    package var name: String

    package init(host: String, clientID: String, limit: Int, name: String) {
        self.host = host
        self.clientID = clientID
        self.limit = limit
        self.name = name
    }
}

/// A socket in the state directory, by which the bridge is asked to record: on a 3CX v20 an API client has one live
/// token, so that two programs with the same client end each other's. Whoever may read the journal may do it.
package struct RecordingSocket: Sendable {
    package enum Absence: Error, Equatable, Sendable {
        case nobodyListens
        case notAllowed
    }

    /// The other side said nothing in time.
    package struct Silence: Error {}

    package struct Connection: Sendable {
        private let messages: AsyncStream<RecordingMessage>
        private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

        fileprivate init(
            _ messages: AsyncStream<RecordingMessage>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        ) {
            self.messages = messages
            self.outbound = outbound
        }

        /// `nil` at the end.
        package func next() async -> RecordingMessage? {
            var iterator = messages.makeAsyncIterator()
            return await iterator.next()
        }

        /// - Throws: `Silence` if nothing comes within the limit; the connection is of no use then.
        package func next(within limit: Duration) async throws -> RecordingMessage? {
            try await withThrowingTaskGroup(of: RecordingMessage?.self) { group in
                group.addTask { await next() }
                group.addTask {
                    try await Task.sleep(for: limit)
                    throw Silence()
                }
                defer { group.cancelAll() }
                return try await group.next() ?? nil
            }
        }

        package func send(_ message: RecordingMessage) async throws {
            let body = try JSONEncoder().encode(message)
            var buffer = ByteBufferAllocator().buffer(capacity: body.count + 4)
            buffer.writeInteger(UInt32(clamping: body.count))
            buffer.writeBytes(body)
            try await outbound.write(buffer)
        }
    }

    private typealias Wire = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// More than a recording can have, escaped.
    private static let longest = 256 << 20

    private let path: String

    package init(_ state: StateDirectory) {
        path = state.path + "/record.sock"
    }

    /// Serves all clients side by side until the calling task is cancelled.
    package func serve(_ handle: @escaping @Sendable (Connection) async throws -> Void) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
                channel.eventLoop.makeCompletedFuture { try Wire(wrappingChannelSynchronously: channel) }
            }
        chmod(path, 0o600)
        defer { unlink(path) }
        try await server.executeThenClose { clients in
            try await withThrowingDiscardingTaskGroup { group in
                for try await client in clients {
                    group.addTask {
                        do {
                            try await Self.run(client, handle)
                        } catch {
                            // Whoever asked is gone.
                        }
                    }
                }
            }
        }
    }

    package func connect<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) async throws -> Value
    ) async throws -> Value {
        let channel: Wire
        do {
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(unixDomainSocketPath: path) { channel in
                    channel.eventLoop.makeCompletedFuture { try Wire(wrappingChannelSynchronously: channel) }
                }
        } catch let error as IOError where error.errnoCode == EACCES {
            throw Absence.notAllowed
        } catch {
            throw Absence.nobodyListens
        }
        return try await Self.run(channel, body)
    }

    private static func run<Value: Sendable>(
        _ channel: Wire, _ handle: @escaping @Sendable (Connection) async throws -> Value
    ) async throws -> Value {
        try await channel.executeThenClose { inbound, outbound in
            let (messages, continuation) = AsyncStream.makeStream(of: RecordingMessage.self)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                // Who waits for a message notices the end of the connection.
                group.addTask {
                    defer { continuation.finish() }
                    var received = ByteBuffer()
                    for try await var part in inbound {
                        received.writeBuffer(&part)
                        while let length: UInt32 = received.getInteger(at: received.readerIndex) {
                            guard length <= Self.longest else { return }
                            guard received.readableBytes >= Int(length) + 4 else { break }
                            received.moveReaderIndex(forwardBy: 4)
                            let body = received.readBytes(length: Int(length)) ?? []
                            continuation.yield(try JSONDecoder().decode(RecordingMessage.self, from: Data(body)))
                        }
                        received.discardReadBytes()
                    }
                }
                defer { group.cancelAll() }
                return try await handle(Connection(messages, outbound))
            }
        }
    }
}
