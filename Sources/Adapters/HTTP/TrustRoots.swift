import FoundationEssentials
import NIOSSL

/// The TLS settings of both transports: full verification against the system's roots and those of `tls_ca_file`.
enum TrustRoots {
    private static let maximumFileBytes = 4 * 1024 * 1024

    static func clientConfiguration(caFile path: String?) throws(HTTPTransportSetupFailure) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .fullVerification
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let path {
            configuration.additionalTrustRoots = [.certificates(try certificates(path))]
        }
        return configuration
    }

    private static func certificates(_ path: String) throws(HTTPTransportSetupFailure) -> [NIOSSLCertificate] {
        let bytes: [UInt8]
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            if let size = attributes[.size] as? Int, size > maximumFileBytes {
                throw HTTPTransportSetupFailure(path: path, reason: .tooLarge(limit: maximumFileBytes))
            }
            bytes = Array(try Data(contentsOf: URL(filePath: path)))
        } catch let failure as HTTPTransportSetupFailure {
            throw failure
        } catch let error as CocoaError {
            throw HTTPTransportSetupFailure(path: path, reason: .unreadable(plainReason(error)))
        } catch {
            throw HTTPTransportSetupFailure(path: path, reason: .unreadable("\(error)"))
        }
        let found: [NIOSSLCertificate]
        do {
            found = try NIOSSLCertificate.fromPEMBytes(bytes)
        } catch {
            throw HTTPTransportSetupFailure(path: path, reason: .noCertificate)
        }
        guard !found.isEmpty else { throw HTTPTransportSetupFailure(path: path, reason: .noCertificate) }
        return found
    }

    private static func plainReason(_ error: CocoaError) -> String {
        switch error.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: "no such file"
        case .fileReadNoPermission: "permission denied"
        default: "error \(error.code.rawValue)"
        }
    }
}
