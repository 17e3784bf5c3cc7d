/// Why a WebSocket could not be opened, or has ended.
///
/// Its texts may be logged: of the URL they hold no more than scheme, host and port, and nothing of the headers.
package struct WebSocketFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// The server answered the upgrade, but not with 101.
        case refused(status: Int)
        /// No connection: the name, the host, or the port.
        case unreachable
        case tls
        /// The upgrade was not complete in time.
        case timeout
        /// The connection ended; with the code of the Close frame, nil where there was none or it had none.
        case closed(code: Int?)
        /// No pong in time.
        case silent
        /// The peer broke RFC 6455, or does not speak it.
        case protocolViolation
        case messageTooLong
        /// The calling task was cancelled, or the opener shut down.
        case cancelled
    }

    package var kind: Kind
    package var detail: String
    /// What the operator can do.
    package var remedy: String

    package init(_ kind: Kind, detail: String, remedy: String? = nil) {
        self.kind = kind
        self.detail = detail
        self.remedy = remedy ?? kind.remedy
    }

    package var description: String { "\(detail); \(remedy)" }
}

extension WebSocketFailure {
    /// A failure of the connection before the upgrade is complete.
    init(connecting error: any Error, origin: HTTPOrigin) {
        if let failure = error as? WebSocketFailure {
            self = failure
            return
        }
        let failure = NIOFailure.failure(for: error, origin: origin, requestStarted: true)
        switch failure.kind {
        case .tls: self.init(.tls, detail: failure.detail, remedy: failure.remedy)
        case .timeout, .connectTimeout: self.init(.timeout, detail: failure.detail, remedy: failure.remedy)
        case .cancelled: self.init(.cancelled, detail: failure.detail, remedy: failure.remedy)
        case .connectionLost: self.init(.closed(code: nil), detail: failure.detail, remedy: failure.remedy)
        case .malformedResponse: self.init(.protocolViolation, detail: failure.detail, remedy: failure.remedy)
        case .invalidURL, .resolution, .noDescriptors, .refused, .bodyTooLarge, .other:
            self.init(.unreachable, detail: failure.detail, remedy: failure.remedy)
        }
    }

    /// A failure of the connection after the upgrade.
    init(lost error: any Error, origin: HTTPOrigin) {
        self.init(connecting: error, origin: origin)
        if kind != .tls { kind = .closed(code: nil) }
    }
}

extension WebSocketFailure.Kind {
    fileprivate var remedy: String {
        switch self {
        case .refused(401): "check the credentials, and whether another program uses the same API client"
        case .refused(403): "check the rights of the API client and the licence"
        case .refused(404): "check the address, the rights of the API client and the licence"
        case .refused: "check for a proxy or gateway in between that does not pass WebSockets on"
        case .unreachable: "check that the server runs, that host and port are right, and the firewall"
        case .tls: "check the server's certificate and host name, and tls_ca_file if the CA is a private one"
        case .timeout: "check that the host is up, the load of the server, and for a firewall that drops packets"
        case .closed: "check the server's log, and for a proxy or firewall that closes connections"
        case .silent: "check the network, and for a proxy or firewall that drops idle connections"
        case .protocolViolation: "check for a proxy that answers in place of the server"
        case .messageTooLong: "check that the address is that of the API"
        case .cancelled: "nothing to do if the bridge was stopping"
        }
    }
}
