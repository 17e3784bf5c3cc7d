#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Ports on loopback that take no connection, each in its own way, held so that no server of another test gets them.
enum LoopbackPort {
    struct NoSocket: Error {
        var errno: Int32
    }

    /// The kernel refuses every connection.
    static func withoutListener<Result>(_ body: (Int) async throws -> Result) async throws -> Result {
        let bound = try boundSocket()
        defer { close(bound.descriptor) }
        return try await body(bound.port)
    }

    /// The kernel drops every further SYN: a listener that never accepts, its backlog full.
    static func withFullBacklog<Result>(_ body: (Int) async throws -> Result) async throws -> Result {
        let listener = try boundSocket()
        defer { close(listener.descriptor) }
        guard listen(listener.descriptor, 0) == 0 else { throw NoSocket(errno: errno) }
        var fillers: [Int32] = []
        defer { for filler in fillers { close(filler) } }
        for _ in 0..<4 {
            let filler = try newSocket()
            fillers.append(filler)
            _ = fcntl(filler, F_SETFL, O_NONBLOCK)
            var address = listener.address
            withSocketAddress(&address) { _ = connect(filler, $0, $1.pointee) }
        }
        return try await body(listener.port)
    }

    private static func boundSocket() throws -> (descriptor: Int32, port: Int, address: sockaddr_in) {
        let descriptor = try newSocket()
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isBound = withSocketAddress(&address) {
            bind(descriptor, $0, $1.pointee) == 0 && getsockname(descriptor, $0, $1) == 0
        }
        guard isBound else {
            close(descriptor)
            throw NoSocket(errno: errno)
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)), address)
    }

    private static func newSocket() throws -> Int32 {
        let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard made >= 0 else { throw NoSocket(errno: errno) }
        return made
    }

    private static func withSocketAddress<Result>(
        _ address: inout sockaddr_in,
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
    ) -> Result {
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &size) }
        }
    }
}
