package import Domain
package import NIOSSL
import Ports

/// What of a server's certificate helps an operator.
package struct PeerCertificate: Equatable, Sendable {
    /// The common name, else the organisation; empty where there is neither.
    package var subject: String
    package var issuer: String
    /// Whether it names itself as its issuer.
    package var isSelfIssued: Bool
    /// The host names that it is for.
    package var names: [String]
    package var validFrom: Instant
    package var validUntil: Instant

    package init(
        subject: String, issuer: String, isSelfIssued: Bool, names: [String], validFrom: Instant, validUntil: Instant
    ) {
        self.subject = subject
        self.issuer = issuer
        self.isSelfIssued = isSelfIssued
        self.names = names
        self.validFrom = validFrom
        self.validUntil = validUntil
    }

    package init(_ certificate: NIOSSLCertificate) {
        let names = Self.distinguishedNames(certificate)
        subject = Self.text(of: names.subject)
        issuer = Self.text(of: names.issuer)
        isSelfIssued = !names.subject.isEmpty && names.subject == names.issuer
        self.names = certificate._subjectAlternativeNames().prefix(Self.mostNames).filter { $0.nameType == .dnsName }
            .map { Self.printable(Array($0.contents)) }
        validFrom = Self.instant(certificate.notValidBefore)
        validUntil = Self.instant(certificate.notValidAfter)
    }

    private static func instant(_ seconds: some BinaryInteger) -> Instant {
        WallClock.ofProcess.instant(at: Instant(milliseconds: Int64(seconds) * 1000))
    }

    private static let mostNames = 100
    private static let longestName = 100
    private static let commonName: [UInt8] = [0x55, 0x04, 0x03]
    private static let organisation: [UInt8] = [0x55, 0x04, 0x0A]
    private static let sequence: UInt8 = 0x30
    private static let set: UInt8 = 0x31
    private static let versionTag: UInt8 = 0xA0

    /// Issuer and subject as they stand in the certificate (RFC 5280, 4.1).
    private static func distinguishedNames(
        _ certificate: NIOSSLCertificate
    ) -> (issuer: ArraySlice<UInt8>, subject: ArraySlice<UInt8>) {
        let bytes: [UInt8]
        do { bytes = try certificate.toDERBytes() } catch { return ([], []) }
        var outer = DERReader(bytes[...])
        guard let whole = outer.next(sequence) else { return ([], []) }
        var parts = DERReader(whole)
        guard let signed = parts.next(sequence) else { return ([], []) }
        var fields = DERReader(signed)
        // The version is left out where it is the first one; then the serial number and the algorithm.
        if fields.next()?.tag == versionTag { _ = fields.next() }
        _ = fields.next()
        guard let issuer = fields.next(sequence), fields.next() != nil, let subject = fields.next(sequence) else {
            return ([], [])
        }
        return (issuer, subject)
    }

    private static func text(of name: ArraySlice<UInt8>) -> String {
        var found: [[UInt8]: String] = [:]
        var sets = DERReader(name)
        while let set = sets.next(set) {
            var attributes = DERReader(set)
            while let attribute = attributes.next(sequence) {
                var parts = DERReader(attribute)
                guard let kind = parts.next(), let value = parts.next() else { continue }
                found[Array(kind.content)] = printable(Array(value.content))
            }
        }
        return found[commonName] ?? found[organisation] ?? ""
    }

    private static func printable(_ bytes: [UInt8]) -> String {
        String(String(decoding: bytes, as: UTF8.self).prefix(longestName)).withoutControlCharacters
    }
}
