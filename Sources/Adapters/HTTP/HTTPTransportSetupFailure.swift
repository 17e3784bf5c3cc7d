/// Why a transport cannot be made.
package struct HTTPTransportSetupFailure: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        case unreadable(String)
        case tooLarge(limit: Int)
        case noCertificate
        case tlsLibrary(String)
        /// `http_client: foundation` would send through a proxy what is meant for its relay on loopback.
        case proxy(variable: String)
    }

    /// The CA file, where it is the reason.
    package var path: String?
    package var reason: Reason

    package init(path: String? = nil, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    package var description: String { "\(what); \(remedy)" }

    /// What happened.
    package var what: String {
        let file = "tls_ca_file \(path ?? "(none)")"
        return switch reason {
        case .unreadable(let why): "\(file) cannot be read (\(why))"
        case .tooLarge(let limit): "\(file) is larger than \(limit) bytes"
        case .noCertificate: "\(file) holds no PEM certificate"
        case .tlsLibrary(let why): "TLS cannot be set up with \(file) (\(why))"
        case .proxy(let variable): "http_client foundation cannot be used while \(variable) is set"
        }
    }

    package var remedy: String {
        switch reason {
        case .unreadable: "check the path and that the bridge's user may read the file"
        case .proxy: "set http_client to nio, or unset the variable"
        case .tooLarge, .noCertificate, .tlsLibrary:
            "give a text file with one or more -----BEGIN CERTIFICATE----- blocks"
        }
    }
}
