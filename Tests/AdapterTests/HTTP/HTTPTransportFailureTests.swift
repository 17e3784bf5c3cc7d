import Testing

@testable import Wire

extension HTTPTransportTests {
    @Suite("The HTTP transport, when things go wrong,", .timeLimit(.minutes(10)))
    struct Failures {
        private static let body = Array("{}".utf8)

        @Test("gives up on a silent server at the timeout", arguments: [HTTPMethod.get, .post])
        func silence(_ method: HTTPMethod) async throws {
            let script: ScriptedServer.Script = { number, _ in number == 0 ? [.answer()] : [] }
            try await ScriptedServer.run(script: script) { server in
                try await TransportUnderTest.run { transport in
                    _ = try await transport.send(HTTPRequest(url: server.url()))
                    let request = HTTPRequest(
                        method: method,
                        url: server.url(),
                        body: method == .post ? Self.body : nil,
                        timeout: .milliseconds(500)
                    )
                    let start = ContinuousClock.now
                    let failure = try #require(await transport.failure(of: request))
                    #expect(failure.kind == .timeout)
                    #expect(failure.requestMayHaveBeenSent)
                    #expect((.milliseconds(450)..<(.seconds(5))).contains(ContinuousClock.now - start))
                }
                #expect(server.requests.count == 2)
            }
        }

        @Test(
            "takes nothing for an answer whose status HTTP does not have, and goes on with the next one",
            arguments: ["000", "001", "099"])
        func impossibleStatus(_ status: String) async throws {
            let script: ScriptedServer.Script = { number, _ in
                number == 2 ? [.answer("200 OK", "{}")] : [.answer("\(status) X", number == 0 ? "hi" : "")]
            }
            try await ScriptedServer.run(script: script) { server in
                try await TransportUnderTest.run { transport in
                    for _ in 0..<2 {
                        let request = HTTPRequest(method: .post, url: server.url(), body: Self.body)
                        let failure = try #require(await transport.failure(of: request))
                        #expect(failure.kind == .malformedResponse && failure.requestMayHaveBeenSent, "\(failure)")
                    }
                    #expect(try await transport.send(HTTPRequest(url: server.url())).status == 200)
                }
            }
        }

        @Test("gives up at the timeout on an answer that never ends")
        func trickle() async throws {
            let script: ScriptedServer.Script = { _, _ in
                [.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"), .trickle("x", every: .milliseconds(20))]
            }
            try await ScriptedServer.run(script: script) { server in
                try await TransportUnderTest.run { transport in
                    let start = ContinuousClock.now
                    let request = HTTPRequest(url: server.url(), timeout: .milliseconds(400))
                    let failure = try #require(await transport.failure(of: request))
                    #expect(failure.kind == .timeout)
                    #expect(failure.requestMayHaveBeenSent)
                    #expect(ContinuousClock.now - start < .seconds(5))
                }
            }
        }

        @Test("knows that a host which takes no connection got no request")
        func blackHole() async throws {
            try await LoopbackPort.withFullBacklog { port in
                try await TransportUnderTest.run(HTTPTransportSettings(connectTimeout: .milliseconds(300))) {
                    transport in
                    let url = "http://127.0.0.1:\(port)/"
                    let start = ContinuousClock.now
                    let request = HTTPRequest(method: .post, url: url, body: Self.body, timeout: .seconds(60))
                    let failure = try #require(await transport.failure(of: request))
                    #expect(failure.kind == .connectTimeout)
                    #expect(!failure.requestMayHaveBeenSent)
                    let short: Duration = .milliseconds(100)
                    for request in [
                        HTTPRequest(method: .post, url: url, body: Self.body, timeout: short),
                        HTTPRequest(url: url, timeout: short),
                    ] {
                        let failure = try #require(await transport.failure(of: request))
                        #expect(failure.kind == .connectTimeout)
                        #expect(!failure.requestMayHaveBeenSent)
                    }
                    #expect(ContinuousClock.now - start < .seconds(5))
                }
            }
        }

        @Test("knows that a refused request was not sent")
        func refused() async throws {
            try await LoopbackPort.withoutListener { port in
                try await TransportUnderTest.run { transport in
                    let url = "http://127.0.0.1:\(port)/secret-token"
                    let failure = try #require(
                        await transport.failure(of: HTTPRequest(method: .post, url: url, body: Self.body))
                    )
                    #expect(failure.kind == .refused)
                    #expect(!failure.requestMayHaveBeenSent)
                    #expect(failure.detail.contains("http://127.0.0.1:\(port)"))
                    #expect(!"\(failure)".contains("secret-token"))
                }
            }
        }

        @Test("knows that a host without an address got no request")
        func unresolvable() async throws {
            try await TransportUnderTest.run { transport in
                let failure = try #require(
                    await transport.failure(of: HTTPRequest(url: "http://no-such-host.invalid/t")))
                #expect(failure.kind == .resolution)
                #expect(!failure.requestMayHaveBeenSent)
            }
        }

        @Test(
            "cannot tell what became of a request whose connection is lost",
            arguments: [
                [ScriptedServer.Step.reset],
                [.close],
                [.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"), .wait(.milliseconds(20)), .reset],
                [.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"), .wait(.milliseconds(20)), .close],
                [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n"), .close],
            ]
        )
        func lost(_ steps: [ScriptedServer.Step]) async throws {
            try await ScriptedServer.run(script: { _, _ in steps }) { server in
                try await TransportUnderTest.run { transport in
                    let request = HTTPRequest(method: .post, url: server.url(), body: Self.body)
                    let failure = try #require(await transport.failure(of: request))
                    #expect(failure.kind == .connectionLost)
                    #expect(failure.requestMayHaveBeenSent)
                }
                #expect(server.requests.count == 1, "a request must not be repeated behind the caller's back")
            }
        }

        @Test("never sends a request twice when a kept connection is closed on it")
        func keptConnection() async throws {
            let script: ScriptedServer.Script = { number, _ in number == 0 ? [.answer()] : [.close] }
            try await ScriptedServer.run(script: script) { server in
                try await TransportUnderTest.run { transport in
                    _ = try await transport.send(HTTPRequest(url: server.url()))
                    let request = HTTPRequest(method: .post, url: server.url(), body: Self.body)
                    let failure = try #require(await transport.failure(of: request))
                    #expect(failure.kind == .connectionLost)
                    #expect(failure.requestMayHaveBeenSent)
                }
                #expect(server.requests.count == 2)
            }
        }

        @Test("survives a kept connection that the server closed meanwhile")
        func idleConnection() async throws {
            try await ScriptedServer.run(script: { _, _ in [.answer()] }) { server in
                try await TransportUnderTest.run { transport in
                    for method in [HTTPMethod.get, .post] {
                        _ = try await transport.send(HTTPRequest(url: server.url()))
                        try await server.closeConnections()
                        let before = server.requests.count
                        let request = HTTPRequest(method: method, url: server.url(), body: method == .post ? [1] : nil)
                        do {
                            let response = try await transport.send(request)
                            #expect(response.status == 200)
                            #expect(server.requests.count == before + 1)
                        } catch let failure as HTTPFailure {
                            #expect(failure.kind == .connectionLost)
                            let arrived = server.requests.count - before
                            #expect(arrived == 0 || (arrived == 1 && failure.requestMayHaveBeenSent))
                        }
                    }
                }
            }
        }

        @Test("refuses an answer that announces too much")
        func announcedTooLarge() async throws {
            let script: ScriptedServer.Script = { _, _ in [.send("HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\nx")]
            }
            try await ScriptedServer.run(script: script) { server in
                try await TransportUnderTest.run(HTTPTransportSettings(maximumBodyBytes: 1000)) { transport in
                    let failure = try #require(await transport.failure(of: HTTPRequest(url: server.url())))
                    #expect(failure.kind == .bodyTooLarge)
                    #expect(failure.requestMayHaveBeenSent)
                }
            }
        }

        @Test("stops reading an endless answer at its limit")
        func endless() async throws {
            let script: ScriptedServer.Script = { _, _ in
                [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), .flood(chunkBytes: 16384)]
            }
            try await ScriptedServer.run(script: script) { server in
                try await TransportUnderTest.run(HTTPTransportSettings(maximumBodyBytes: 100_000)) { transport in
                    let failure = try #require(
                        await transport.failure(of: HTTPRequest(url: server.url(), timeout: .seconds(30)))
                    )
                    #expect(failure.kind == .bodyTooLarge)
                }
                #expect(server.floodedBytes < 64 * 1024 * 1024)
            }
        }

        @Test("takes exactly as much as its limit")
        func atLimit() async throws {
            let text = String(repeating: "x", count: 1000)
            try await ScriptedServer.run(script: { _, _ in [.answer("200 OK", text)] }) { server in
                try await TransportUnderTest.run(HTTPTransportSettings(maximumBodyBytes: 1000)) { transport in
                    let response = try await transport.send(HTTPRequest(url: server.url()))
                    #expect(response.body.count == 1000)
                }
            }
        }

        @Test(
            "survives an answer that is not HTTP",
            arguments: [
                "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 abc OK\r\n\r\n", "\u{0}\u{1}\u{2}\u{3}\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
            ]
        )
        func malformed(_ text: String) async throws {
            try await ScriptedServer.run(script: { _, _ in [.send(text), .close] }) { server in
                try await TransportUnderTest.run { transport in
                    let request = HTTPRequest(method: .post, url: server.url(), body: Self.body)
                    let failure = try #require(await transport.failure(of: request))
                    #expect([.malformedResponse, .connectionLost].contains(failure.kind))
                    #expect(failure.requestMayHaveBeenSent)
                }
            }
        }

        @Test("survives a head that breaks off")
        func brokenHead() async throws {
            try await ScriptedServer.run(script: { _, _ in [.send("HTTP/1.1 200 OK\r\nX-Hal"), .close] }) { server in
                try await TransportUnderTest.run { transport in
                    let failure = try #require(await transport.failure(of: HTTPRequest(url: server.url())))
                    #expect([.malformedResponse, .connectionLost].contains(failure.kind))
                    #expect(failure.requestMayHaveBeenSent)
                }
            }
        }

        @Test("ends a request when the task that waits for it is cancelled")
        func cancellation() async throws {
            let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
            let script: ScriptedServer.Script = { _, _ in
                arrival.yield()
                return []
            }
            try await ScriptedServer.run(script: script) { server in
                try await TransportUnderTest.run { transport in
                    let request = HTTPRequest(method: .post, url: server.url(), body: Self.body, timeout: .seconds(60))
                    let waiting = Task { await transport.failure(of: request) }
                    for await _ in arrived { break }
                    let start = ContinuousClock.now
                    waiting.cancel()
                    let failure = try #require(await waiting.value)
                    #expect(failure.kind == .cancelled)
                    #expect(failure.requestMayHaveBeenSent)
                    #expect(ContinuousClock.now - start < .seconds(5))
                }
            }
        }

        @Test("ends requests under way at its shutdown")
        func shutdownUnderWay() async throws {
            let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
            let script: ScriptedServer.Script = { _, _ in
                arrival.yield()
                return []
            }
            try await ScriptedServer.run(script: script) { server in
                try await TransportUnderTest.run { transport in
                    let request = HTTPRequest(method: .post, url: server.url(), body: Self.body, timeout: .seconds(60))
                    let waiting = Task { await transport.failure(of: request) }
                    for await _ in arrived { break }
                    let start = ContinuousClock.now
                    await transport.shutdown()
                    let failure = try #require(await waiting.value)
                    #expect(failure.kind == .cancelled)
                    #expect(failure.requestMayHaveBeenSent)
                    #expect(ContinuousClock.now - start < .seconds(5))
                }
            }
        }

        @Test("leaves another's requests alone at its shutdown")
        func shutdownOfAnother() async throws {
            let gate = AsyncStream.makeStream(of: Void.self)
            let script: ScriptedServer.Script = { _, _ in
                gate.continuation.yield()
                return [.wait(.milliseconds(300)), .answer("200 OK", "x")]
            }
            try await ScriptedServer.run(script: script) { server in
                try await TransportUnderTest.run { transport in
                    let waiting = Task { try await transport.send(HTTPRequest(url: server.url())) }
                    for await _ in gate.stream { break }
                    try await TransportUnderTest.run { _ in }
                    #expect(try await waiting.value.status == 200)
                    #expect(try await transport.send(HTTPRequest(url: server.url())).status == 200)
                }
            }
        }

        @Test(
            "refuses a request that it could not send as it is, without a connection",
            arguments: [
                HTTPRequest(url: "ftp://host/"), HTTPRequest(url: "localhost:80/x"), HTTPRequest(url: "http://"),
                HTTPRequest(url: "http://user:pass@localhost/"), HTTPRequest(url: "http://local host/"),
                HTTPRequest(url: "http://localhost:99999/"),
                HTTPRequest(url: "http://localhost/", headers: ["X-A": "b\r\nX-Injected: c"]),
                HTTPRequest(url: "http://localhost/", headers: ["X A": "b"]),
                HTTPRequest(method: .get, url: "http://localhost/", body: [1]),
            ]
        )
        func unusable(_ request: HTTPRequest) async throws {
            try await TransportUnderTest.run { transport in
                let failure = try #require(await transport.failure(of: request))
                #expect([.invalidURL, .other].contains(failure.kind))
                #expect(!failure.requestMayHaveBeenSent)
                #expect(!"\(failure)".contains("pass@"))
            }
        }
    }
}
