import FoundationEssentials
import NIOCore
import NIOHTTP1
import Synchronization

/// A Zammad that takes every event after `delay`, or none.
final class Helpdesk: Sendable {
    static let path = "/api/v1/cti/bench"

    private let timeline: Timeline
    private let delay: TimeAmount?
    private let failing = Mutex(false)

    init(timeline: Timeline, delay: TimeAmount?, isFailing: Bool) {
        self.timeline = timeline
        self.delay = delay
        self.isFailing = isFailing
    }

    /// Whether it answers everything with 500.
    var isFailing: Bool {
        get { failing.withLock { $0 } }
        set { failing.withLock { $0 = newValue } }
    }

    private struct Post: Decodable {
        var event: String
        var from: String
    }

    func start(on group: any EventLoopGroup) async throws -> BenchServer {
        try await BenchServer.start(on: group) { [self] request in
            if isFailing {
                return BenchServer.Answer(
                    status: .internalServerError, body: ByteBuffer(string: #"{"error":"Internal Server Error"}"#))
            }
            if let post = try? JSONDecoder().decode(Post.self, from: Data(request.body.readableBytesView)),
                let kind = CallEvent.Kind(rawValue: post.event)
            {
                timeline.arrived(CallEvent(number: post.from, kind: kind), at: request.readAt)
            }
            return BenchServer.Answer(body: ByteBuffer(string: "{}"), delay: delay)
        }
    }
}
