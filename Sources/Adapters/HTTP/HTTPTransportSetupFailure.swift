/// Why a transport cannot be made.
package struct HTTPTransportSetupFailure: Error, Equatable, Sendable, CustomStringConvertible {
    enum Reason: Equatable, Sendable {
        case certificateFile(CertificateFile.Failure)
        case tlsLibrary(String)
        /// `http_client: foundation` would send through a proxy what is meant for its relay on loopback.
        case proxy(variable: String)
    }

    /// The CA file, where it is the reason.
    package var path: String?
    var reason: Reason

    init(path: String? = nil, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    package var description: String { "\(what); \(remedy)" }

    /// What happened.
    package var what: String {
        let file = "tls_ca_file \(path ?? "(none)")"
        return switch reason {
        case .certificateFile(let failure): "\(file) \(failure.what)"
        case .tlsLibrary(let why): "TLS cannot be set up with \(file) (\(why))"
        case .proxy(let variable): "http_client foundation cannot be used while \(variable) is set"
        }
    }

    package var remedy: String {
        switch reason {
        case .certificateFile(let failure): failure.remedy
        case .proxy: "set http_client to nio, or unset the variable"
        case .tlsLibrary: CertificateFile.wanted
        }
    }
}
