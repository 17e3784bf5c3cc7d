import NIOCore

extension String {
    /// An IPv4 or IPv6 address, the latter without brackets: no name to look up, to send in TLS, or to match by its
    /// end.
    package var isIPAddress: Bool {
        do {
            _ = try SocketAddress(ipAddress: self, port: 0)
            return true
        } catch {
            return false
        }
    }
}
