/// Why a transport cannot be made.
package struct HTTPTransportSetupFailure: Error, Equatable, Sendable, CustomStringConvertible {
    enum Reason: Equatable, Sendable {
        case certificateFile(CertificateFile.Failure)
        case tlsLibrary(String)
        /// `http_client: foundation` takes no CA file.
        case systemAuthoritiesOnly
        /// `http_client: foundation` would use a proxy, which no other connection of the bridge does.
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
        case .systemAuthoritiesOnly:
            "http_client foundation cannot be used with \(file): it trusts the system's CAs alone"
        case .proxy(let variable): "http_client foundation cannot be used while \(variable) is set"
        }
    }

    package var remedy: String {
        switch reason {
        case .certificateFile(let failure): failure.remedy
        case .systemAuthoritiesOnly: Self.withoutOwnAuthority
        case .proxy: "set http_client to nio, or unset the variable"
        case .tlsLibrary: CertificateFile.wanted
        }
    }

    static let withoutOwnAuthority =
        "set http_client to nio, or add the CA to those of the system and remove tls_ca_file"
}
