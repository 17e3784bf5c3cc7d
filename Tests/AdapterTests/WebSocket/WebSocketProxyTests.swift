import Testing

@testable import Adapters

extension WebSocketTests {
    @Suite("through a proxy", .timeLimit(.minutes(10)))
    struct Proxies {
        @Test("asks the proxy for a tunnel, with user and password, and speaks through it")
        func tunnel() async throws {
            try await WebSocketStage.run(
                url: { _ in "ws://pbx.example.net/callcontrol/ws" },
                environment: { ["http_proxy": "http://us%40er:p%3Aw@127.0.0.1:\($0)/", "no_proxy": "example.org"] }
            ) { stage in
                async let opening = stage.opener.open(stage.request())
                let peer = try await stage.server.connection()
                let connect = try await peer.head()
                #expect(connect.first == "CONNECT pbx.example.net:80 HTTP/1.1")
                #expect(connect.contains("Host: pbx.example.net:80"))
                // us@er:p:w
                #expect(connect.contains("Proxy-Authorization: Basic dXNAZXI6cDp3"))
                #expect(!connect.contains { $0.contains("s3cret") })
                try await peer.send("HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n")
                let head = try await peer.head()
                #expect(head.first == "GET /callcontrol/ws HTTP/1.1")
                #expect(head.contains("Host: pbx.example.net"))
                #expect(!head.contains { $0.hasPrefix("Proxy-") })
                try await peer.accept(head, then: ScriptedPeer.Frame.text("through"))
                #expect(try await opening.text() == "through")
            }
        }

        @Test("verifies the server, not the proxy, over TLS", arguments: ["https_proxy", "HTTPS_PROXY"])
        func tunnelOfTLS(_ variable: String) async throws {
            let tls = try TestCertificates.serverContext()
            try await TestCertificates.withFile { file in
                try await WebSocketStage.run(
                    url: { _ in "wss://localhost/ws" },
                    settings: HTTPTransportSettings(tlsCAFile: file),
                    environment: { [variable: "127.0.0.1:\($0)"] }
                ) { stage in
                    async let opening = stage.opener.open(stage.request())
                    let peer = try await stage.server.connection()
                    #expect(try await peer.head().first == "CONNECT localhost:443 HTTP/1.1")
                    try await peer.send("HTTP/1.1 200 OK\r\n\r\n", thenSpeak: tls)
                    try await peer.accept(try await peer.head(), then: ScriptedPeer.Frame.text("secure"))
                    #expect(try await opening.text() == "secure")
                }
            }
        }

        @Test("does not take the proxy's refusal for the server's", arguments: [401, 403, 407, 502])
        func refused(_ status: Int) async throws {
            try await WebSocketStage.run(
                url: { _ in "wss://pbx.example.net/ws" },
                environment: { ["https_proxy": "http://user:pa55@127.0.0.1:\($0)"] }
            ) { stage in
                let failure = try await stage.failure { peer in
                    #expect(try await peer.head().first == "CONNECT pbx.example.net:443 HTTP/1.1")
                    try await peer.send("HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n")
                    try await peer.ended()
                }
                #expect(failure.kind == .unreachable)
                #expect(failure.detail.contains("proxy") && failure.detail.contains("\(status)"))
                #expect(failure.detail.contains("https_proxy"))
                #expect(!"\(failure)".contains("pa55") && !"\(failure)".contains("cGE1NQ"))
            }
        }

        @Test("names the proxy that is not there")
        func absent() async throws {
            try await LoopbackPort.withoutListener { port in
                let opener = try NIOWebSocketOpener(
                    settings: HTTPTransportSettings(), environment: ["https_proxy": "http://127.0.0.1:\(port)"])
                let failure = await #expect(throws: WebSocketFailure.self) {
                    _ = try await opener.open(WebSocketRequest(url: "wss://pbx.example.net/", timeout: .seconds(30)))
                }
                #expect(failure?.kind == .unreachable)
                #expect(failure?.detail.contains("127.0.0.1:\(port)") == true)
                await opener.shutdown()
            }
        }

        struct Case: Sendable, CustomTestStringConvertible {
            var url: String
            var environment: [String: String]
            var proxy: String?
            var testDescription: String { "\(url) with \(environment)" }
        }

        private static let proxies = ["https_proxy": "http://p:1", "HTTPS_PROXY": "http://q:2", "http_proxy": "r:3"]

        private static func excepting(_ list: String, _ url: String, _ proxy: String?) -> Case {
            Case(url: url, environment: proxies.merging(["no_proxy": list]) { $1 }, proxy: proxy)
        }

        private static let cases = [
            Case(url: "https://pbx.example.net", environment: proxies, proxy: "http://p:1"),
            Case(url: "http://pbx.example.net", environment: proxies, proxy: "http://r:3"),
            Case(url: "https://a", environment: ["HTTPS_PROXY": "http://q:2", "https_proxy": ""], proxy: "http://q:2"),
            Case(url: "http://a", environment: ["HTTP_PROXY": "http://q:2", "https_proxy": "x:1"], proxy: nil),
            Case(url: "https://a", environment: ["https_proxy": "p:1", "NO_PROXY": "a"], proxy: nil),
            Case(
                url: "https://a", environment: ["https_proxy": "p:1", "NO_PROXY": "a", "no_proxy": "b"],
                proxy: "http://p:1"),
            Case(url: "https://a", environment: ["https_proxy": "http://[::1]:3128"], proxy: "http://[::1]:3128"),
            excepting("*", "https://pbx.example.net", nil),
            excepting("x, pbx.example.net ,y", "https://PBX.example.net", nil),
            excepting("example.net", "https://pbx.example.net", nil),
            excepting(".example.net", "https://pbx.example.net", nil),
            excepting("*.example.net", "https://pbx.example.net", nil),
            excepting("example.net", "https://pbxexample.net", "http://p:1"),
            excepting("example.net.", "https://pbx.example.net", "http://p:1"),
            excepting("pbx.example.net:5001", "https://pbx.example.net:5001", nil),
            excepting("pbx.example.net:5001", "https://pbx.example.net", "http://p:1"),
            excepting("pbx.example.net:443", "https://pbx.example.net", nil),
            excepting("192.0.2.7", "https://192.0.2.7:5001", nil),
            excepting("2.7", "https://192.0.2.7", "http://p:1"),
            excepting("[2001:db8::1]:443", "https://[2001:db8::1]", nil),
            excepting("2001:db8::1", "https://[2001:db8::1]", nil),
            excepting(",,  ,", "https://pbx.example.net", "http://p:1"),
        ]

        @Test("takes the proxy that the environment names for the address, or none", arguments: cases)
        func choice(_ one: Case) throws {
            let target = try #require(HTTPOrigin(one.url))
            #expect(try WebSocketProxy.find(for: target, in: one.environment)?.origin.description == one.proxy)
        }

        @Test(
            "says which variable names no usable proxy", arguments: ["https://p:1", "socks5://p:1", "http://", "a b"])
        func unusable(_ value: String) throws {
            let target = try #require(HTTPOrigin("https://pbx.example.net"))
            let failure = #expect(throws: WebSocketFailure.self) {
                try WebSocketProxy.find(for: target, in: ["https_proxy": value])
            }
            #expect(failure?.kind == .unreachable)
            #expect(failure?.detail.contains("https_proxy") == true)
            #expect(failure?.remedy.contains("no_proxy") == true)
        }
    }
}
