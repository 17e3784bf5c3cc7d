import NIOCore
import NIOHTTP1
import Testing

@testable import Adapters

@Suite("The head of an answer to an upgrade")
struct WebSocketHandshakeAnswerTests {
    private static let whole = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: \tWebSocket \r\nempty:\r\n\r\n"

    @Test("is taken off what follows it, from the last byte on that it needs")
    func prefixes() throws {
        let bytes = Array((Self.whole + "rest").utf8)
        let headLength = Self.whole.utf8.count
        for length in 0...bytes.count {
            var buffer = ByteBuffer(bytes: bytes[..<length])
            let answer = try WebSocketHandshakeAnswer.take(from: &buffer)
            #expect((answer != nil) == (length >= headLength))
            #expect(buffer.readableBytes == (length >= headLength ? length - headLength : length))
            if let answer {
                #expect(answer.status == 101)
                #expect(answer.headers["upgrade"] == ["WebSocket"])
                #expect(answer.headers["Empty"] == [""])
            }
        }
    }

    @Test("is read or refused, whatever bytes stand in it")
    func mutations() {
        var random = SplitMix64(seed: 7)
        var read = 0
        var refused = 0
        for _ in 0..<2000 {
            var bytes = Array(("HTTP/1.1 100 Continue\r\n\r\n" + Self.whole).utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert(bytes[index], at: index)
                }
            }
            var buffer = ByteBuffer(bytes: bytes)
            do throws(WebSocketHandshakeAnswer.Malformed) {
                guard let answer = try WebSocketHandshakeAnswer.take(from: &buffer) else { continue }
                #expect((101...999).contains(answer.status))
                read += 1
            } catch {
                refused += 1
            }
        }
        #expect(read > 100 && refused > 100)
    }
}
