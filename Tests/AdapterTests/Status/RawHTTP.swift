import NIOCore
import NIOPosix
import Testing

/// HTTP/1.1 by hand, so that a test sends and sees exactly what it wants to.
enum RawHTTP {
    struct Answer: Equatable, Sendable {
        var status: Int
        /// By name in small letters.
        var headers: [String: String]
        var body: String

        init(_ text: String) throws {
            let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            let lines = try #require(parts.first).split(separator: "\r\n")
            let line = try #require(lines.first, "no answer: \(text)").split(separator: " ")
            status = try #require(Int(line.dropFirst().first ?? ""), "no status: \(text)")
            headers = [:]
            for header in lines.dropFirst() {
                let pair = header.split(separator: ":", maxSplits: 1)
                headers[pair[0].lowercased()] = String(pair[1].drop { $0 == " " })
            }
            body = parts.count > 1 ? String(parts[1]) : ""
        }
    }

    /// One request, and all that comes until the server closes the connection.
    static func request(
        _ method: String = "GET", _ path: String, headers: [String] = [], body: String = "", port: Int
    ) async throws -> Answer {
        let length = body.isEmpty ? [] : ["Content-Length: \(body.utf8.count)"]
        let head = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close"] + headers + length
        return try Answer(try await exchange(head.joined(separator: "\r\n") + "\r\n\r\n" + body, port: port))
    }

    /// Sends text, and reads until the server closes or what came is enough. Then the connection is closed.
    static func exchange(
        _ text: String, port: Int, within limit: Duration = .seconds(60),
        until isEnough: @escaping @Sendable (String) -> Bool = { _ in false }
    ) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        // A server that says nothing more would keep the test for ever.
        let deadline = channel.channel.eventLoop.scheduleTask(
            in: .seconds(limit.components.seconds)
        ) { channel.channel.close(promise: nil) }
        defer { deadline.cancel() }
        return try await channel.executeThenClose { inbound, outbound in
            var bytes: [UInt8] = []
            do {
                try await outbound.write(ByteBuffer(string: text))
                for try await buffer in inbound {
                    bytes += buffer.readableBytesView
                    if isEnough(String(decoding: bytes, as: UTF8.self)) { break }
                }
            } catch {
                // What came before the server cut the connection counts.
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
