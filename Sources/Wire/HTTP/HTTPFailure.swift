/// Why there is no complete answer to a request.
///
/// Its texts may be logged: of the URL they hold no more than scheme, host and port.
package struct HTTPFailure: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable, CaseIterable {
        case invalidURL
        /// The host's name has no address.
        case resolution
        /// No connection: refused, or no route to the host.
        case refused
        /// No usable connection within the time for it.
        case connectTimeout
        /// This process may open no more files and connections.
        case noDescriptors
        case tls
        /// The answer was not complete within the request's timeout.
        case timeout
        /// Reset or closed before the answer was complete.
        case connectionLost
        case bodyTooLarge
        case malformedResponse
        /// The calling task was cancelled, or the transport shut down.
        case cancelled
        case other
    }

    package var kind: Kind
    /// `false` only when it is certain that the server cannot have acted on the request: no connection, no TLS session,
    /// or no byte of the request's body handed to a connection. A request without a body counts as sent as soon as
    /// there may have been a connection.
    package var requestMayHaveBeenSent: Bool
    package var detail: String
    /// What the operator can do, where more is known than the kind.
    package var ownRemedy: String?

    package init(_ kind: Kind, requestMayHaveBeenSent: Bool, detail: String) {
        self.kind = kind
        self.requestMayHaveBeenSent = requestMayHaveBeenSent
        self.detail = detail
    }

    package var description: String { "\(detail); \(remedy)" }

    /// What the operator can do.
    package var remedy: String {
        if let ownRemedy { return ownRemedy }
        return switch kind {
        case .invalidURL: "check the address in the configuration: http(s)://host[:port]/path"
        case .resolution: "check the host name in the configuration and the DNS server of this machine"
        case .refused: "check that the server runs, that host and port are right, and the firewall"
        case .connectTimeout:
            "check that the host is up, the DNS server of this machine, and for a firewall that drops packets"
        case .noDescriptors: "raise the limit of open files (LimitNOFILE in the systemd unit, or ulimit -n)"
        case .tls: "check the server's certificate and host name, and tls_ca_file if the CA is a private one"
        case .timeout: "check the load of the server, and the network between"
        case .connectionLost: "check the server's log, and for a proxy or firewall that closes connections"
        case .bodyTooLarge: "check that the address is that of the API"
        case .malformedResponse: "check that an HTTP server listens there, and http against https"
        case .cancelled: "nothing to do if the bridge was stopping"
        case .other: "check the address, and the server's log"
        }
    }
}
