import FoundationEssentials
import NIOSSL

/// The TLS settings of all connections: full verification against the system's roots and those of `tls_ca_file`.
enum TrustRoots {
    static func clientConfiguration(
        caFile path: String?, system: SystemAuthorities = SystemAuthorities()
    ) throws(HTTPTransportSetupFailure) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .fullVerification
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        var own: [NIOSSLCertificate] = []
        if let path {
            do {
                own = try CertificateFile.certificates(path)
            } catch {
                throw HTTPTransportSetupFailure(path: path, reason: .certificateFile(error))
            }
        }
        // Without roots of the system NIOSSL makes no context, not even where only http:// is spoken.
        if !system.exist {
            configuration.trustRoots = .certificates(own)
        } else if !own.isEmpty {
            configuration.additionalTrustRoots = [.certificates(own)]
        }
        return configuration
    }
}

/// The CA certificates of this machine, where NIOSSL looks for them on Linux.
struct SystemAuthorities: Sendable {
    var files = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"]
    var directory = "/etc/ssl/certs"

    var exist: Bool {
        #if os(Linux)
            files.contains { size($0) > 0 } || hasHashedNames
        #else
            true
        #endif
    }

    private func size(_ path: String) -> Int {
        do { return try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0 } catch { return 0 }
    }

    /// OpenSSL finds a CA in a directory by the hash of its name: `5ed36f99.0`.
    private var hasHashedNames: Bool {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory).contains { name in
                name.utf8.count > 9 && name.utf8.dropFirst(8).first == UInt8(ascii: ".")
                    && name.utf8.prefix(8).allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
            }
        } catch {
            return false
        }
    }
}
