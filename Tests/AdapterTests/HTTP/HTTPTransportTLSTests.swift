import Ports
import Testing

@testable import Wire

extension HTTPTransportTests {
    @Suite("The HTTP transport, over TLS,", .timeLimit(.minutes(10)))
    struct OverTLS {
        private static let body = Array("{}".utf8)
        private static let answer: ScriptedServer.Script = { _, _ in [.answer("200 OK", "private")] }

        @Test("trusts the CA of tls_ca_file")
        func privateCA() async throws {
            try await ScriptedServer.run(tls: true, script: Self.answer) { server in
                try await TestCertificates.withFile { file in
                    try await TransportUnderTest.run(HTTPTransportSettings(tlsCAFile: file)) { transport in
                        let url = server.url("/a?b=c", scheme: "https", host: "localhost")
                        for method in [HTTPMethod.get, .post, .get] {
                            let request = HTTPRequest(method: method, url: url, body: method == .post ? Self.body : nil)
                            let response = try await transport.send(request)
                            #expect(response.status == 200)
                            #expect(response.body == Array("private".utf8))
                        }
                    }
                }
                #expect(
                    server.requests.map { $0.requestLine } == ["GET", "POST", "GET"].map { "\($0) /a?b=c HTTP/1.1" })
                #expect(server.requests.allSatisfy { $0.header("Host") == "localhost:\(server.port)" })
            }
        }

        @Test("refuses an unknown CA before it sends anything")
        func unknownCA() async throws {
            try await ScriptedServer.run(tls: true, script: Self.answer) { server in
                try await TransportUnderTest.run { transport in
                    let url = server.url("/token", scheme: "https", host: "localhost")
                    for method in [HTTPMethod.get, .post] {
                        let request = HTTPRequest(method: method, url: url, body: method == .post ? Self.body : nil)
                        let failure = try #require(await transport.failure(of: request))
                        #expect(failure.kind == .tls)
                        #expect(!failure.requestMayHaveBeenSent)
                        #expect(!"\(failure)".contains("token"))
                    }
                }
                #expect(server.requests == [])
            }
        }

        @Test(
            "refuses a certificate for another name, though its CA is trusted")
        func wrongName() async throws {
            try await ScriptedServer.run(tls: true, script: Self.answer) { server in
                try await TestCertificates.withFile { file in
                    try await TransportUnderTest.run(HTTPTransportSettings(tlsCAFile: file)) { transport in
                        let request = HTTPRequest(method: .post, url: server.url(scheme: "https"), body: Self.body)
                        let failure = try #require(await transport.failure(of: request))
                        #expect(failure.kind == .tls)
                        #expect(!failure.requestMayHaveBeenSent)
                    }
                }
                #expect(server.requests == [])
            }
        }

        @Test(
            "says of a certificate what is wrong with it, and asks the server for it no more than once a minute")
        func reason() async throws {
            for (identity, words, remedy) in [
                (TestCertificates.Identity.expired, "it expired on 2021-01-01", "renew the server's certificate"),
                (.notYetValid, "it is not valid before 2100-01-01", "check the clock of this machine"),
                (.selfSigned, "TEST ONLY self-signed is not trusted: it is self-signed", "tls_ca_file"),
                (.localhost, "from a CA that this machine does not trust (TEST ONLY CA)", "tls_ca_file"),
            ] {
                try await ScriptedServer.run(tls: true, identity: identity, script: Self.answer) { server in
                    try await TransportUnderTest.run { transport in
                        let request = HTTPRequest(url: server.url("/token", scheme: "https", host: "localhost"))
                        let failures = [
                            try #require(await transport.failure(of: request)),
                            try #require(await transport.failure(of: request)),
                        ]
                        for failure in failures {
                            #expect(failure.kind == .tls && !failure.requestMayHaveBeenSent)
                            #expect(failure.detail.contains(words) && failure.remedy.contains(remedy), "\(failure)")
                            #expect(!"\(failure)".contains("/token"))
                        }
                        #expect(server.connectionCount == 3, "two requests, and one look")
                    }
                    #expect(server.requests == [])
                }
            }
        }

        @Test("names a server that speaks no TLS", arguments: [true, false])
        func plainServer(_ withCAFile: Bool) async throws {
            try await ScriptedServer.run(script: { _, _ in [] }) { server in
                try await TestCertificates.withFile { file in
                    try await TransportUnderTest.run(
                        HTTPTransportSettings(connectTimeout: .milliseconds(300), tlsCAFile: withCAFile ? file : nil)
                    ) { transport in
                        let url = server.url(scheme: "https", host: "localhost")
                        let request = HTTPRequest(method: .post, url: url, body: Self.body, timeout: .seconds(1))
                        let failure = try #require(await transport.failure(of: request))
                        #expect([.tls, .connectTimeout].contains(failure.kind))
                        #expect(!failure.requestMayHaveBeenSent)
                    }
                }
                #expect(server.requests == [])
            }
        }

        @Test("keeps failures apart with a CA file too")
        func failuresWithCAFile() async throws {
            let script: ScriptedServer.Script = { number, _ in number == 0 ? [.close] : [] }
            try await ScriptedServer.run(tls: true, script: script) { server in
                try await TestCertificates.withFile { file in
                    try await TransportUnderTest.run(HTTPTransportSettings(tlsCAFile: file)) { transport in
                        func post(_ url: String) async throws -> HTTPFailure {
                            let request = HTTPRequest(
                                method: .post, url: url, body: Self.body, timeout: .milliseconds(1500)
                            )
                            return try #require(await transport.failure(of: request))
                        }
                        try await LoopbackPort.withoutListener { port in
                            let refused = try await post("https://127.0.0.1:\(port)/")
                            #expect(refused.kind == .refused)
                            #expect(!refused.requestMayHaveBeenSent)
                        }
                        let unresolved = try await post("https://no-such-host.invalid/")
                        #expect(unresolved.kind == .resolution)
                        #expect(!unresolved.requestMayHaveBeenSent)
                        let lost = try await post(server.url(scheme: "https", host: "localhost"))
                        #expect(lost.kind == .connectionLost)
                        #expect(lost.requestMayHaveBeenSent)
                        let silent = try await post(server.url(scheme: "https", host: "localhost"))
                        #expect(silent.kind == .timeout)
                        #expect(silent.requestMayHaveBeenSent)
                    }
                }
                #expect(server.requests.count == 2)
            }
        }

        @Test("carries a long answer whole")
        func longAnswer() async throws {
            let text = String(repeating: "0123456789", count: 300_000)
            let script: ScriptedServer.Script = { _, _ in [.answer("200 OK", text), .close] }
            try await ScriptedServer.run(tls: true, script: script) { server in
                try await TestCertificates.withFile { file in
                    try await TransportUnderTest.run(HTTPTransportSettings(tlsCAFile: file)) { transport in
                        let url = server.url(scheme: "https", host: "localhost")
                        let response = try await transport.send(HTTPRequest(url: url, timeout: .seconds(20)))
                        #expect(response.body == Array(text.utf8))
                    }
                }
            }
        }

        @Test("is not made with a CA file that is of no use")
        func unusableFile() async throws {
            #expect(
                throws: HTTPTransportSetupFailure(path: "/no/such/ca.pem", reason: .certificateFile(.file(.notFound)))
            ) {
                try HTTPTransports.make(HTTPTransportSettings(tlsCAFile: "/no/such/ca.pem"))
            }
            try await TestCertificates.withFile(holding: "not a certificate") { file in
                let failure = #expect(throws: HTTPTransportSetupFailure.self) {
                    try HTTPTransports.make(HTTPTransportSettings(tlsCAFile: file))
                }
                #expect(failure?.description.contains("\(file) holds no certificate; ") == true)
                #expect(failure?.description.contains("BEGIN CERTIFICATE") == true)
            }
        }
    }
}
