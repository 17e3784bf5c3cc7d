import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A port on loopback on which the kernel drops every further SYN: a listener that never accepts, its backlog full.
enum FullBacklog {
    struct NoSocket: Error {
        var errno: Int32
    }

    static func run<Result>(_ body: (Int) async throws -> Result) async throws -> Result {
        let listener = try socket()
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) {
            try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                guard bind(listener, $0, size) == 0, listen(listener, 0) == 0, getsockname(listener, $0, &size) == 0
                else { throw NoSocket(errno: errno) }
            }
        }
        var fillers: [Int32] = []
        defer { for filler in fillers { close(filler) } }
        for _ in 0..<4 {
            let filler = try socket()
            fillers.append(filler)
            _ = fcntl(filler, F_SETFL, O_NONBLOCK)
            withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = connect(filler, $0, size) }
            }
        }
        return try await body(Int(UInt16(bigEndian: address.sin_port)))
    }

    private static func socket() throws -> Int32 {
        let made = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard made >= 0 else { throw NoSocket(errno: errno) }
        return made
    }
}
