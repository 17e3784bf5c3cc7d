import Foundation
import NIOSSL
import Ports
import Testing

@testable import Adapters
@testable import Wire

@Suite("A file of CA certificates")
struct CertificateFileTests {
    private static let authority = TestCertificates.authority
    private static let other = TestCertificates.Identity.selfSigned.certificate

    private func count(_ bytes: [UInt8]) throws -> Int { try CertificateFile.certificates(in: bytes).count }

    private func failure(_ bytes: [UInt8]) -> CertificateFile.Failure? {
        do throws(CertificateFile.Failure) {
            _ = try CertificateFile.certificates(in: bytes)
            return nil
        } catch {
            return error
        }
    }

    private func der(_ pem: String) throws -> [UInt8] {
        try #require(try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)).first).toDERBytes()
    }

    @Test("is read as text with any end of line and byte order mark, and with other text around")
    func text() throws {
        let both = "# our CAs\n\(Self.authority)\nand\n\(Self.other)\n"
        for text in [both, both.replacing("\n", with: "\r\n"), "\u{FEFF}" + both] {
            #expect(try count(Array(text.utf8)) == 2)
            for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian] {
                let marked = "\u{FEFF}" + text.drop { $0 == "\u{FEFF}" }
                #expect(try count(Array(try #require(marked.data(using: encoding)))) == 2, "\(encoding)")
            }
        }
    }

    @Test("is read as DER")
    func binary() throws {
        #expect(try count(der(Self.authority)) == 1)
    }

    @Test("says what it is instead")
    func others() throws {
        let algorithm: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02]
        let bundle = [0x30, 0x0B] + algorithm
        let store = [0x30, 0x10, 0x02, 0x01, 0x03, 0x30, 0x0B] + algorithm
        for (bytes, what) in [
            ([], "is empty"), (Array("hello".utf8), "holds no certificate"), ([0, 1, 2, 255], "holds no certificate"),
            ([0x30], "holds no certificate"), ([0xFF, 0xFE, 0x41], "is empty"),
            ([0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], "holds no certificate"),
            (Array(" <html>".utf8), "is a web page"), (bundle, "is a PKCS #7 bundle (.p7b)"),
            (Array("-----BEGIN PKCS7-----\nMA==\n-----END PKCS7-----".utf8), "is a PKCS #7 bundle (.p7b)"),
            (store, "is a PKCS #12 file (.p12, .pfx)"),
            (Array("-----BEGIN EC PRIVATE KEY-----\n".utf8), "holds a private key and no certificate"),
            (
                Array("-----BEGIN CERTIFICATE REQUEST-----\n".utf8),
                "is the request for a certificate, not the certificate"
            ),
            (Array(Self.authority.utf8.prefix(200)), "holds a certificate that cannot be read"),
            (Array(Self.authority.replacing("MIIB", with: "MIIC").utf8), "holds a certificate that cannot be read"),
        ] as [([UInt8], String)] {
            let failure = try #require(self.failure(bytes))
            #expect(failure.what == what && !failure.remedy.isEmpty)
        }
    }

    @Test("is read up to a limit, the same when the configuration is checked and when it is used")
    func limit() async throws {
        let comment = Array(String(repeating: "#", count: CertificateFile.maximumBytes).utf8)
        try await TestCertificates.withFile(holding: comment + Array(Self.authority.utf8)) { file in
            #expect(throws: CertificateFile.Failure.file(.tooLarge(limit: CertificateFile.maximumBytes))) {
                try CertificateFile.certificates(file)
            }
            #expect(throws: HTTPTransportSetupFailure.self) { try TrustRoots.clientConfiguration(caFile: file) }
            try await ProgramFolder.with { folder in
                let path = try folder.write(
                    "c.yaml",
                    """
                    3CX: {host: "http://127.0.0.1:1", user: a, pass: b, group: c, tls_ca_file: \(file)}
                    Zammad: {endpoint: "http://127.0.0.1:1/api/v1/cti/x"}
                    """)
                let error = #expect(throws: ConfigurationError.self) {
                    try YAMLConfigurationSource(path: path, environment: [:]).load()
                }
                #expect(error?.problems.first?.message.contains("is larger than 4194304 bytes") == true)
            }
        }
    }

    @Test("is all there is to trust where the system has no CA certificates, which matters to https:// alone")
    func nothingElse() async throws {
        let none = SystemAuthorities(files: ["/no/such/file", "/dev/null"], directory: "/no/such/directory")
        #expect(!none.exist)
        let nobody = try TrustRoots.clientConfiguration(caFile: nil, system: none)
        #expect(nobody.trustRoots == .certificates([]))
        #expect(throws: Never.self) { try NIOSSLContext(configuration: nobody) }
        try await TestCertificates.withFile { file in
            let one = try TrustRoots.clientConfiguration(caFile: file, system: none)
            #expect(one.trustRoots == .certificates(try CertificateFile.certificates(file)))
        }
        let certificate = try #require(try NIOSSLCertificate.fromPEMBytes(Array(Self.authority.utf8)).first)
        let faults = CertificateFault.all(
            in: [PeerCertificate(certificate)], of: "127.0.0.1", isOnlyTheName: false, trustsAnybody: false,
            at: SystemClock().now())
        #expect(faults == [.noAuthorities])
    }
}
