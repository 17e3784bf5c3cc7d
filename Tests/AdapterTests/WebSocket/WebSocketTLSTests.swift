import Testing

@testable import Wire

extension WebSocketTests {
    @Suite("over TLS", .timeLimit(.minutes(10)))
    struct OverTLS {
        private static func url(_ port: Int) -> String { "wss://localhost:\(port)/callcontrol/ws" }

        @Test("trusts the CA of tls_ca_file, and is closed from either side")
        func privateCA() async throws {
            try await TestCertificates.withFile { file in
                let settings = HTTPTransportSettings(tlsCAFile: file)
                try await WebSocketStage.run(tls: true, url: Self.url, settings: settings) { stage in
                    let (first, peer) = try await stage.open(then: ScriptedPeer.Frame.text("private"))
                    #expect(try await first.text() == "private")
                    let closing = Task { await first.close() }
                    #expect(try await peer.frame() == .close(1000))
                    await peer.sendUnlessGone(ScriptedPeer.Frame.bytes(8, [0x03, 0xE8]))
                    await closing.value
                    #expect(await first.failure()?.kind == .closed(code: 1000))
                    let (second, other) = try await stage.open(number: 1)
                    try await other.close()
                    #expect(await second.failure()?.kind == .closed(code: nil))
                }
            }
        }

        @Test(
            "refuses an unknown CA, and a certificate for another name, before it sends its token",
            arguments: [true, false])
        func untrusted(_ isKnown: Bool) async throws {
            try await TestCertificates.withFile { file in
                let settings = HTTPTransportSettings(tlsCAFile: isKnown ? file : nil)
                let host = isKnown ? "127.0.0.1" : "localhost"
                try await WebSocketStage.run(tls: true, url: { "https://\(host):\($0)/" }, settings: settings) {
                    stage in
                    let failure = try await stage.failure { peer in
                        await #expect(throws: ScriptedPeer.Gone.self) { try await peer.head() }
                    }
                    #expect(failure.kind == .tls)
                    #expect(failure.remedy.contains("tls_ca_file"))
                }
            }
        }

        @Test("names a server that speaks no TLS")
        func plain() async throws {
            try await WebSocketStage.run(url: Self.url) { stage in
                let failure = try await stage.failure { peer in
                    try await peer.send("HTTP/1.1 400 Bad Request\r\n\r\n")
                    try await peer.ended()
                }
                #expect(failure.kind == .tls)
            }
        }

        @Test("is not made with a CA file that is of no use")
        func unusableFile() async throws {
            #expect(
                throws: HTTPTransportSetupFailure(path: "/no/such/ca.pem", reason: .certificateFile(.file(.notFound)))
            ) {
                try NIOWebSocketOpener(settings: HTTPTransportSettings(tlsCAFile: "/no/such/ca.pem"))
            }
        }

        @Test("is opened at an IPv6 address, where the machine has one")
        func loopbackOfIPv6() async throws {
            let probe: ScriptedPeerServer
            do { probe = try await ScriptedPeerServer.start(host: "::1") } catch { return }
            try await probe.stop()
            try await WebSocketStage.run(listen: "::1", url: { "ws://[::1]:\($0)/" }) { stage in
                async let opening = stage.opener.open(stage.request())
                let peer = try await stage.server.connection()
                let head = try await peer.head()
                #expect(head.contains("Host: [::1]:\(stage.server.port)"))
                try await peer.accept(head, then: ScriptedPeer.Frame.text("six"))
                #expect(try await opening.text() == "six")
            }
        }
    }
}
