#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Lets a loopback server's answers go out at once.
///
/// The server writes head and body one after the other; without TCP_NODELAY the second waits for the peer's
/// acknowledgement of the first, which the peer holds back for 40 ms. Accepted sockets have the option of the one that
/// listens.
enum PromptAnswers {
    static func set(onListenerAt port: UInt16) {
        for descriptor in Int32(3)..<4096 where isListener(descriptor, port) {
            var on: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    private static func isListener(_ descriptor: Int32, _ port: UInt16) -> Bool {
        var isListening: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0, isListening != 0 else {
            return false
        }
        var address = [UInt8](repeating: 0, count: 128)
        var length = socklen_t(address.count)
        let isKnown = address.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { getsockname(descriptor, $0.baseAddress, &length) == 0 }
        }
        // The port follows the address family, in network order.
        return isKnown && UInt16(address[2]) << 8 | UInt16(address[3]) == port
    }
}
