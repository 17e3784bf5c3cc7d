/// Why a transport cannot be made: the CA file of its settings cannot be used.
package struct HTTPTransportSetupFailure: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        case unreadable(String)
        case tooLarge(limit: Int)
        case noCertificate
        case tlsLibrary(String)
        /// `http_client: foundation` would send through a proxy what is meant for its own TLS relay.
        case proxy(variable: String)
    }

    package var path: String
    package var reason: Reason

    package init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    package var description: String {
        let what =
            switch reason {
            case .unreadable(let why): "cannot be read (\(why))"
            case .tooLarge(let limit): "is larger than \(limit) bytes"
            case .noCertificate: "holds no PEM certificate"
            case .tlsLibrary(let why): "was refused by the TLS library (\(why))"
            case .proxy(let variable): "cannot be used by http_client foundation while \(variable) is set"
            }
        return "tls_ca_file \(path) \(what); \(remedy)"
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
