import Synchronization

/// A request body that remembers whether a connection has asked for it.
///
/// async-http-client asks for a body only once a request has its connection, so this tells a request that waits for one, or for
/// the TLS handshake, from a request that the server may have acted on: no server acts on a head whose announced body never
/// comes. It is a collection and no stream, since the client writes a collection and ends the request in one go; with a stream, an
/// answer that ends with the connection could overtake the end of the upload, and the client would call the request failed.
final class SingleChunkBody: RandomAccessCollection, Sendable {
    private let bytes: [UInt8]
    private let asked = Atomic(false)

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var wasAskedFor: Bool { asked.load(ordering: .acquiring) }

    var startIndex: Int { bytes.startIndex }
    var endIndex: Int { bytes.endIndex }

    subscript(position: Int) -> UInt8 {
        asked.store(true, ordering: .releasing)
        return bytes[position]
    }

    func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result? {
        asked.store(true, ordering: .releasing)
        return try bytes.withContiguousStorageIfAvailable(body)
    }
}
