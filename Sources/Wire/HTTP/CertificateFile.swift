package import NIOSSL

/// A file of CA certificates: PEM in UTF-8 or, as Windows writes it, in UTF-16, with or without a byte order mark; or
/// one certificate in DER.
package enum CertificateFile {
    package static let maximumBytes = 4 * 1024 * 1024

    package enum Failure: Error, Equatable {
        case file(BoundedFile.Failure)
        /// What it is instead, and what makes certificates of it.
        case noCertificate(String, remedy: String)

        /// Completes "the file …".
        package var what: String {
            switch self {
            case .file(let failure): failure.description
            case .noCertificate(let what, _): what
            }
        }

        package var remedy: String {
            switch self {
            case .file(.tooLarge): CertificateFile.wanted
            case .file: "check the path and that the bridge's user may read it"
            case .noCertificate(_, let remedy): remedy
            }
        }
    }

    package static let wanted =
        "give a file with one or more -----BEGIN CERTIFICATE----- blocks (PEM), or with one certificate in DER"

    package static func certificates(_ path: String) throws(Failure) -> [NIOSSLCertificate] {
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.read(path, limit: maximumBytes)
        } catch {
            throw .file(error)
        }
        return try certificates(in: bytes)
    }

    package static func certificates(in bytes: [UInt8]) throws(Failure) -> [NIOSSLCertificate] {
        if bytes.first == sequence { return [try certificate(der: bytes)] }
        let text = text(bytes)
        do {
            let found = try NIOSSLCertificate.fromPEMBytes(Array(text.utf8))
            if !found.isEmpty { return found }
        } catch {
            // What is wrong with it the text tells better.
        }
        throw otherText(text)
    }

    /// Notepad writes both kinds of byte order mark.
    private static func text(_ bytes: [UInt8]) -> String {
        let isBigEndian = bytes.starts(with: [0xFE, 0xFF])
        if isBigEndian || bytes.starts(with: [0xFF, 0xFE]) {
            let units = stride(from: 2, to: bytes.count - 1, by: 2).map { index -> UInt16 in
                let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
                return isBigEndian ? first << 8 | second : second << 8 | first
            }
            return String(decoding: units, as: UTF16.self)
        }
        return String(decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...], as: UTF8.self)
    }

    private static func otherText(_ text: String) -> Failure {
        func has(_ label: String) -> Bool { text.contains("-----BEGIN \(label)-----") }
        if text.isEmpty { return .noCertificate("is empty", remedy: wanted) }
        if has("CERTIFICATE") || has("X509 CERTIFICATE") {
            return .noCertificate("holds a certificate that cannot be read", remedy: "export the certificate again")
        }
        if has("PKCS7") || has("CMS") {
            return .noCertificate(
                "is a PKCS #7 bundle (.p7b)", remedy: "convert it: openssl pkcs7 -print_certs -in FILE -out ca.pem")
        }
        if has("TRUSTED CERTIFICATE") {
            return .noCertificate(
                "holds OpenSSL's own \"trusted certificates\"", remedy: "convert it: openssl x509 -in FILE -out ca.pem")
        }
        if has("CERTIFICATE REQUEST") || has("NEW CERTIFICATE REQUEST") {
            return .noCertificate("is the request for a certificate, not the certificate", remedy: wanted)
        }
        if text.contains("PRIVATE KEY-----") {
            return .noCertificate("holds a private key and no certificate", remedy: wanted)
        }
        if text.drop(while: \.isWhitespace).first == "<" {
            return .noCertificate("is a web page", remedy: "download the certificate itself")
        }
        return .noCertificate("holds no certificate", remedy: wanted)
    }

    // MARK: - DER

    private static let sequence: UInt8 = 0x30
    private static let integer: UInt8 = 0x02
    private static let objectIdentifier: UInt8 = 0x06

    private static func certificate(der bytes: [UInt8]) throws(Failure) -> NIOSSLCertificate {
        do {
            return try NIOSSLCertificate(bytes: bytes, format: .der)
        } catch {
            var outer = DERReader(bytes[...])
            var parts = DERReader(outer.next(sequence) ?? [])
            let first = parts.next()?.tag
            // PKCS #7 begins with what kind it is, PKCS #12 with its version before that.
            if first == objectIdentifier {
                throw .noCertificate(
                    "is a PKCS #7 bundle (.p7b)",
                    remedy: "convert it: openssl pkcs7 -inform DER -print_certs -in FILE -out ca.pem")
            }
            var content = DERReader(parts.next(sequence) ?? [])
            if first == integer, content.next()?.tag == objectIdentifier {
                throw .noCertificate(
                    "is a PKCS #12 file (.p12, .pfx)",
                    remedy: "convert it: openssl pkcs12 -nokeys -in FILE -out ca.pem")
            }
            throw .noCertificate("holds no certificate", remedy: wanted)
        }
    }
}
