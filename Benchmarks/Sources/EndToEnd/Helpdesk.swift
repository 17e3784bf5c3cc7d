import FoundationEssentials
import NIOCore
import NIOHTTP1

/// A Zammad that takes every event after `delay`.
struct Helpdesk: Sendable {
    static let path = "/api/v1/cti/bench"

    var timeline: Timeline
    var delay: TimeAmount?

    private struct Post: Decodable {
        var event: String
        var from: String
    }

    func start(on group: any EventLoopGroup) async throws -> BenchServer {
        try await BenchServer.start(on: group) { request in
            if let post = try? JSONDecoder().decode(Post.self, from: Data(request.body.readableBytesView)),
                let kind = CallEvent.Kind(rawValue: post.event)
            {
                timeline.arrived(CallEvent(number: post.from, kind: kind), at: request.readAt)
            }
            return BenchServer.Answer(body: ByteBuffer(string: "{}"), delay: delay)
        }
    }
}
