import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import Ports
import Synchronization

/// The live answers: the whole status whenever it changes, and every single thing that happens. `version` is that of
/// the token by which their reader got in; they end when there is another.
struct StatusStreams: Sendable {
    let board: StatusBoard
    let reader: StatusReader
    let listeners: StatusListeners
    let access: StatusAccess
    let clock: any Ports.Clock

    /// How often it is looked whether there is something new. Changes that come together are sent together.
    private static let pause: Duration = .milliseconds(200)
    /// A quiet stream says that it lives; the page's ages and looks are brought up to date.
    private static let heartbeat: Duration = .seconds(5)

    /// Sends the status at once, and again when it has changed.
    func statuses(for request: Request, on channel: any Channel, _ version: Int) throws -> Response {
        try stream(request, channel, version) { stream in
            var sent: (version: Int, at: Instant)?
            while stream.isOpen {
                let now = clock.now()
                if sent == nil || sent?.version != board.version || now - (sent?.at ?? now) >= Self.heartbeat {
                    let rendering = try await reader.current()
                    try await stream.write(ServerSentEvents.event("status", rendering.json))
                    sent = (rendering.version, now)
                }
                try await clock.sleep(until: clock.now() + Self.pause)
            }
        }
    }

    /// Sends what happens from now on.
    func activities(for request: Request, on channel: any Channel, _ version: Int) throws -> Response {
        // Before the answer begins: whoever has its head hears all that happens from then on.
        let registration = Registration(board)
        return try stream(request, channel, version) { stream in
            try await stream.write(": hello\n\n")
            var lastWrite = clock.now()
            while stream.isOpen {
                let (events, missed) = board.drain(registration.listener)
                var text = try events.compactMap(reader.words).map {
                    ServerSentEvents.event("activity", try StatusReader.json($0))
                }.joined()
                if missed > 0 { text += ServerSentEvents.event("missed", "{\"count\":\(missed)}") }
                if text.isEmpty, clock.now() - lastWrite >= Self.heartbeat { text = ServerSentEvents.keepAlive }
                if !text.isEmpty {
                    try await stream.write(text)
                    lastWrite = clock.now()
                }
                try await clock.sleep(until: clock.now() + Self.pause)
            }
        }
    }

    // MARK: - One stream

    private struct Stream {
        var writer: any ResponseBodyWriter
        let channel: any Channel
        let isClosed: ClosedFlag
        let access: StatusAccess
        let version: Int

        var isOpen: Bool {
            !isClosed.value && channel.isActive && access.version == version && !Task.isCancelled
        }

        mutating func write(_ text: String) async throws {
            try await writer.write(ByteBuffer(string: text))
        }
    }

    /// A listener of the board, for as long as the answer lives.
    private final class Registration: Sendable {
        let listener: Int
        private let board: StatusBoard

        init(_ board: StatusBoard) {
            self.board = board
            listener = board.addListener()
        }

        deinit { board.removeListener(listener) }
    }

    private final class ClosedFlag: Sendable {
        private let flag = Mutex(false)

        var value: Bool { flag.withLock { $0 } }

        func set() { flag.withLock { $0 = true } }
    }

    private func stream(
        _ request: Request, _ channel: any Channel, _ version: Int,
        _ send: @escaping @Sendable (inout Stream) async throws -> Void
    ) throws -> Response {
        guard request.method == .get else {
            return Response(status: .ok, headers: StatusResponses.headers(ServerSentEvents.contentType))
        }
        guard let place = listeners.enter() else {
            var response = try StatusResponses.problem(
                .serviceUnavailable, "too many pages and commands listen already; close some, and try again")
            response.headers[.retryAfter] = "30"
            return response
        }
        var headers = StatusResponses.headers(ServerSentEvents.contentType)
        // Proxies of this kind keep text back otherwise.
        if let buffering = HTTPField.Name("X-Accel-Buffering") { headers[buffering] = "no" }
        return Response(
            status: .ok, headers: headers,
            body: .init { writer in
                defer { withExtendedLifetime(place) {} }
                let flag = ClosedFlag()
                let start = writer
                try await request.body.consumeWithInboundCloseHandler { _ in
                    var stream = Stream(
                        writer: start, channel: channel, isClosed: flag, access: access, version: version)
                    try await send(&stream)
                } onInboundClosed: {
                    flag.set()
                }
            })
    }
}

/// The text of `text/event-stream`.
enum ServerSentEvents {
    static let contentType = "text/event-stream; charset=utf-8"
    /// Keeps proxies and clients from taking a quiet stream for a dead one.
    static let keepAlive = ": still here\n\n"

    /// `data` is one line, as JSON without line breaks is.
    static func event(_ name: String, _ data: String) -> String {
        "event: \(name)\ndata: \(data)\n\n"
    }
}
