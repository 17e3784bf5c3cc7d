/// Why a transport cannot be made.
package struct HTTPTransportSetupFailure: Error, Equatable, Sendable, CustomStringConvertible {
    enum Reason: Equatable, Sendable {
        case certificateFile(CertificateFile.Failure)
        case tlsLibrary(String)
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
        }
    }

    package var remedy: String {
        switch reason {
        case .certificateFile(let failure): failure.remedy
        case .tlsLibrary: CertificateFile.wanted
        }
    }
}
