import Domain
import Testing

@testable import Adapters
@testable import Wire

@Suite("What check says about a connection", .timeLimit(.minutes(10)))
struct CheckedConnectionTests {
    private static func findings(
        _ url: String, caFile: String? = nil, at now: Instant = SystemClock().now()
    ) async throws -> (findings: [CheckFinding], isUsable: Bool) {
        let origin = try #require(HTTPOrigin(url))
        return await CheckedConnection(origin: origin, setting: "3CX.host", caKey: "3CX.tls_ca_file", caFile: caFile)
            .findings(at: now)
    }

    private static func problem(
        _ identity: TestCertificates.Identity, host: String = "localhost", caFile: String? = nil,
        at now: Instant = SystemClock().now()
    ) async throws -> CheckFinding {
        try await ScriptedServer.run(tls: true, identity: identity, script: { _, _ in [] }) { server in
            let (findings, isUsable) = try await Self.findings(
                server.url("", scheme: "https", host: host), caFile: caFile, at: now)
            #expect(!isUsable && server.requests.isEmpty)
            let finding = try #require(findings.first)
            #expect(findings.count == 1 && finding.level == .problem && finding.subject == .tls)
            return finding
        }
    }

    @Test("names a self-signed certificate, and how to trust it")
    func selfSigned() async throws {
        let finding = try await Self.problem(.selfSigned)
        #expect(finding.text.hasSuffix("of TEST ONLY self-signed is not trusted: it is self-signed"))
        #expect(finding.remedy?.contains("3CX.tls_ca_file: openssl s_client -connect localhost:") == true)
    }

    @Test("is content with a self-signed certificate that tls_ca_file holds, as its remedy says")
    func trustedSelfSigned() async throws {
        try await ScriptedServer.run(tls: true, identity: .selfSigned, script: { _, _ in [] }) { server in
            try await TestCertificates.withFile(holding: TestCertificates.Identity.selfSigned.certificate) { file in
                let (findings, isUsable) = try await Self.findings(
                    server.url("", scheme: "https", host: "localhost"), caFile: file)
                #expect(isUsable && findings.map(\.level) == [.ok, .ok], "\(findings)")
                #expect(
                    findings.last?.text.contains("TEST ONLY self-signed is valid until 2126-") == true, "\(findings)")
            }
        }
    }

    @Test("names a certificate that has expired, and is for another host besides")
    func expired() async throws {
        let finding = try await Self.problem(.expired)
        #expect(finding.text.contains("it expired on 2021-01-01"), "\(finding)")
        #expect(finding.text.contains("it is for pbx.example.net, *.pbx.example.net, not for this host"), "\(finding)")
        #expect(finding.remedy == "renew the server's certificate")
    }

    @Test("names the CA that is not trusted")
    func unknownAuthority() async throws {
        let finding = try await Self.problem(.localhost)
        #expect(finding.text.contains("from a CA that this machine does not trust (TEST ONLY CA)"), "\(finding)")
        #expect(finding.remedy?.contains("3CX.tls_ca_file") == true)
    }

    @Test("names the hosts that a certificate is for, where its CA is trusted")
    func otherHost() async throws {
        try await TestCertificates.withFile { file in
            let finding = try await Self.problem(.localhost, host: "127.0.0.1", caFile: file)
            #expect(finding.text.contains("it is for localhost, not for this host"), "\(finding)")
            #expect(finding.remedy?.contains("in 3CX.host") == true)
        }
    }

    @Test("tells who the certificate is from, and warns before it expires")
    func soon() async throws {
        try await ScriptedServer.run(tls: true, script: { _, _ in [] }) { server in
            try await TestCertificates.withFile { file in
                let url = server.url("", scheme: "https", host: "localhost")
                let good = try await Self.findings(url, caFile: file)
                #expect(good.isUsable && good.findings.map(\.level) == [.ok, .ok])
                #expect(good.findings.last?.text.contains("from TEST ONLY CA is valid until 2126-10-29") == true)
                let later = try #require(TimeText.instant("2126-10-15T00:00:00Z"))
                let warned = try await Self.findings(url, caFile: file, at: later)
                #expect(warned.isUsable && warned.findings.map(\.level) == [.ok, .warning])
            }
        }
    }

    @Test("is content with a server without TLS on this machine, and tells one that is not there")
    func plain() async throws {
        try await ScriptedServer.run(
            script: { _, _ in [.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), .close] }
        ) { server in
            let (findings, isUsable) = try await Self.findings(server.url("", host: "127.0.0.1"))
            #expect(isUsable && findings.map(\.level) == [.ok])
        }
        try await LoopbackPort.withoutListener { port in
            let (findings, isUsable) = try await Self.findings("https://127.0.0.1:\(port)")
            #expect(!isUsable && findings.first?.subject == .connection)
            #expect(findings.first?.remedy?.contains("3CX.host") == true)
        }
    }

    @Test(
        "reads the clock of a server",
        arguments: [
            ("Tue, 15 Nov 1994 08:12:31 GMT", 784_887_151_000), ("Sun Nov  6 08:49:37 1994", nil), ("", nil),
            ("Tue, 15 Foo 1994 08:12:31 GMT", nil),
        ] as [(String, Int64?)])
    func date(_ text: String, _ milliseconds: Int64?) {
        #expect(ServerDate(text)?.instant.milliseconds == milliseconds)
    }

    @Test(
        "does not follow DER beyond its end",
        arguments: [
            [], [0x30], [0x30, 0x80], [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], [0x30, 0x05, 0x01],
            [0x30, 0x85, 1, 1, 1, 1, 1],
        ] as [[UInt8]])
    func der(_ bytes: [UInt8]) {
        var reader = DERReader(bytes[...])
        #expect(reader.next() == nil)
    }
}
