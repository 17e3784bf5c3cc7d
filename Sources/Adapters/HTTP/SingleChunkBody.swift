import NIOCore
import Synchronization

/// A request body that remembers whether a connection has asked for it.
///
/// async-http-client asks for a streamed body only once a request has its connection, so this tells a request that waits
/// for one, or for the TLS handshake, from a request that the server may have acted on: no server acts on a head whose
/// announced body never comes.
final class SingleChunkBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    private let bytes: [UInt8]
    private let asked = Atomic(false)

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var byteCount: Int { bytes.count }

    var wasAskedFor: Bool { asked.load(ordering: .acquiring) }

    func makeAsyncIterator() -> Iterator {
        Iterator(body: self)
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let body: SingleChunkBody
        private var given = false

        fileprivate init(body: SingleChunkBody) {
            self.body = body
        }

        mutating func next() async -> ByteBuffer? {
            body.asked.store(true, ordering: .releasing)
            guard !given, !body.bytes.isEmpty else { return nil }
            given = true
            return ByteBuffer(bytes: body.bytes)
        }
    }
}
