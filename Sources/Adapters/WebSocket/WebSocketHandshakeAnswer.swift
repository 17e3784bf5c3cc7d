import NIOCore
import NIOHTTP1

/// The head of an answer to the upgrade, read by itself and not with NIO's HTTP decoder: that one must be taken
/// out of the pipeline again while bytes of the next protocol may be in it, and until then traps on whatever is written.
struct WebSocketHandshakeAnswer {
    static let maximumBytes = 16 * 1024

    enum Malformed: Error {
        case tooLong
        case notHTTP
    }

    var status: Int
    var headers: NIOHTTP1.HTTPHeaders

    /// Takes the head of the final answer off the buffer, nil while it is incomplete; interim answers are passed over.
    static func take(from buffer: inout ByteBuffer) throws(Malformed) -> WebSocketHandshakeAnswer? {
        while let length = headLength(buffer.readableBytesView) {
            guard length <= maximumBytes else { throw .tooLong }
            guard let head = buffer.readString(length: length), let answer = WebSocketHandshakeAnswer(head: head) else {
                throw .notHTTP
            }
            if answer.status == 101 || answer.status >= 200 { return answer }
        }
        guard buffer.readableBytes <= maximumBytes else { throw .tooLong }
        // Whoever greets first (a mail server, say) would else be waited for until the timeout.
        let start = buffer.readableBytesView.prefix(5)
        guard start.elementsEqual("HTTP/".utf8.prefix(start.count)) else { throw .notHTTP }
        return nil
    }

    /// Up to and with the empty line.
    private static func headLength(_ bytes: ByteBufferView) -> Int? {
        var matched = 0
        let end: [UInt8] = [13, 10, 13, 10]
        for (offset, byte) in bytes.prefix(maximumBytes + 1).enumerated() {
            matched = byte == end[matched] ? matched + 1 : byte == 13 ? 1 : 0
            if matched == end.count { return offset + 1 }
        }
        return nil
    }

    private init?(head: String) {
        var lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)[...]
        guard let statusLine = lines.popFirst(), let status = Self.status(statusLine) else { return nil }
        self.status = status
        headers = NIOHTTP1.HTTPHeaders()
        for line in lines where !line.isEmpty {
            guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")), colon != line.startIndex else { return nil }
            let name = line[..<colon]
            guard name.utf8.allSatisfy(\.isHTTPTokenCharacter) else { return nil }
            var value = line[line.utf8.index(after: colon)...].utf8
            while let first = value.first, first == 0x20 || first == 0x09 { value.removeFirst() }
            while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
            headers.add(name: String(name), value: String(Substring(value)))
        }
    }

    /// `HTTP/1.1 101 Switching Protocols`
    private static func status(_ line: Substring) -> Int? {
        let bytes = Array(line.utf8)
        let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        guard bytes.count >= 12, bytes.starts(with: "HTTP/1.".utf8), isDigit(bytes[7]), bytes[8] == 0x20,
            bytes[9..<12].allSatisfy(isDigit), bytes.count == 12 || bytes[12] == 0x20
        else { return nil }
        let status = bytes[9..<12].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return status >= 100 ? status : nil
    }
}
