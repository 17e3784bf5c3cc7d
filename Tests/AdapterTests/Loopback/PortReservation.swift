import FlyingSocks

/// A port of 127.0.0.1 that nobody else is given while this object lives.
///
/// The socket is bound and does not listen: connections are refused until a server, which binds the same port with
/// address reuse, listens on it. So a server that was stopped surely gets its port back, and a test has a port on which
/// surely nothing listens.
final class PortReservation: Sendable {
    let port: UInt16
    private let socket: Socket

    init() throws {
        let address = try Self.loopback(port: 0)
        socket = try Socket(domain: Int32(type(of: address).family))
        do {
            try socket.setValue(true, for: .localAddressReuse)
            try socket.bind(to: address)
            guard case .ip4(_, let bound) = try socket.sockname() else { throw SocketError.unsupportedAddress }
            port = bound
        } catch {
            try socket.close()
            throw error
        }
    }

    deinit {
        // A failed close at the end of a test has no one to tell.
        _ = try? socket.close()
    }

    static func loopback(port: UInt16) throws -> some SocketAddress {
        try .inet(ip4: "127.0.0.1", port: port)
    }
}
