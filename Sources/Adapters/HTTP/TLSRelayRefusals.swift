import NIOCore
import Synchronization

/// Why a relay closed connections before it let a byte of a request through; kept until the transport asks.
final class TLSRelayRefusals: Sendable {
    private static let header = "X-TLS-Relay-Refusal"
    /// More than requests that can be under way at once; a refusal that nobody asked for by then never will be.
    private static let maximumKept = 256

    private struct State {
        var next = 0
        var failures: [Int: HTTPFailure] = [:]
    }

    let origin: HTTPOrigin
    /// Unknown to every server, so that none can make up a refusal.
    private let nonce = String(UInt64.random(in: .min ... .max), radix: 16)
    private let state = Mutex(State())

    init(origin: HTTPOrigin) {
        self.origin = origin
    }

    /// The answer to give instead of the server's, or `nil` if the server may have seen something of the request.
    func answer(to error: any Error) -> ByteBuffer? {
        let failure = NIOFailure.failure(for: error, origin: origin, requestStarted: true)
        guard !failure.requestMayHaveBeenSent else { return nil }
        let number = state.withLock { state in
            state.next += 1
            state.failures[state.next] = failure
            state.failures[state.next - Self.maximumKept] = nil
            return state.next
        }
        let head = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n"
        return ByteBuffer(string: head + "\(Self.header): \(nonce)-\(number)\r\n\r\n")
    }

    func failure(named headers: HTTPHeaders) -> HTTPFailure? {
        guard let value = headers.first(Self.header), value.hasPrefix(nonce + "-"),
            let number = Int(value.dropFirst(nonce.count + 1))
        else { return nil }
        return state.withLock { $0.failures.removeValue(forKey: number) }
    }
}
