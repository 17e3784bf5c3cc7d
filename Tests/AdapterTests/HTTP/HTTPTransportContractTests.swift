import Ports
import Testing

@testable import Wire

extension HTTPTransportTests {
    @Suite("The HTTP transport", .timeLimit(.minutes(10)))
    struct Contract {
        @Test(
            "gives status and body of any answer",
            arguments: [
                ("200 OK", "hello"), ("204 No Content", ""), ("404 Not Found", "{}"), ("500 Oops", "bad"),
                ("503 Later", ""),
            ]
        )
        func answers(_ answer: (status: String, body: String)) async throws {
            try await ScriptedServer.run(script: { _, _ in [.answer(answer.status, answer.body)] }) { server in
                try await TransportUnderTest.run { transport in
                    let response = try await transport.send(HTTPRequest(url: server.url("/x")))
                    #expect(answer.status.hasPrefix("\(response.status)"))
                    #expect(response.body == Array(answer.body.utf8))
                }
            }
        }

        @Test("sends method, target, headers and body as given", arguments: HTTPMethod.allCases)
        func requests(_ method: HTTPMethod) async throws {
            let hasBody = method != .get && method != .head
            let body = Array(#"{"event":"newCall","from":"Müller"}"#.utf8)
            try await ScriptedServer.run(script: { _, _ in [.answer()] }) { server in
                try await TransportUnderTest.run(HTTPTransportSettings(userAgent: "bridge-test/1")) { transport in
                    let request = HTTPRequest(
                        method: method,
                        url: server.url("/api/v1/x%20y?q=1&r=%2F"),
                        headers: ["Content-Type": "application/json", "Accept": "application/json", "X-A": "b c"],
                        body: hasBody ? body : nil
                    )
                    let response = try await transport.send(request)
                    #expect(response.status == 200)
                }
                let received = try #require(server.requests.first)
                #expect(server.requests.count == 1)
                #expect(received.requestLine == "\(method.rawValue) /api/v1/x%20y?q=1&r=%2F HTTP/1.1")
                #expect(received.header("Host") == "127.0.0.1:\(server.port)")
                #expect(received.header("Content-Type") == "application/json")
                #expect(received.header("Accept") == "application/json")
                #expect(received.header("X-A") == "b c")
                #expect(received.header("User-Agent") == "bridge-test/1")
                #expect(received.body == (hasBody ? body : []))
            }
        }

        @Test("gives every Set-Cookie by itself, dates and all")
        func cookies() async throws {
            let cookies = [
                "a=1; Expires=Wed, 21 Oct 2037 07:28:00 GMT; Path=/; HttpOnly", "session=x,y; Secure", "c=",
            ]
            let headers = cookies.map { "Set-Cookie: \($0)" } + ["X-Other: 1"]
            try await ScriptedServer.run(script: { _, _ in [.answer(headers: headers)] }) { server in
                try await TransportUnderTest.run { transport in
                    let response = try await transport.send(HTTPRequest(url: server.url()))
                    #expect(response.headers.all("set-cookie") == cookies)
                    #expect(response.headers.first("x-OTHER") == "1")
                    _ = try await transport.send(HTTPRequest(url: server.url()))
                }
                #expect(server.requests.map { $0.header("Cookie") } == [nil, nil], "cookies are the caller's business")
            }
        }

        @Test("shows a redirect and does not follow it", arguments: ["GET", "POST"])
        func redirects(_ method: String) async throws {
            try await ScriptedServer.run(script: { _, _ in [.answer("200 OK", "elsewhere")] }) { elsewhere in
                let location = "Location: \(elsewhere.url("/login"))"
                let script: ScriptedServer.Script = { _, _ in [.answer("302 Found", headers: [location], "moved")] }
                try await ScriptedServer.run(script: script) { server in
                    try await TransportUnderTest.run { transport in
                        let method = try #require(HTTPMethod(rawValue: method))
                        let body: [UInt8]? = method == .post ? [1, 2] : nil
                        let response = try await transport.send(
                            HTTPRequest(method: method, url: server.url(), body: body)
                        )
                        #expect(response.status == 302)
                        #expect(response.headers.first("location") == elsewhere.url("/login"))
                    }
                    #expect(server.requests.count == 1)
                }
                #expect(elsewhere.connectionCount == 0)
            }
        }

        @Test(
            "takes answers in every form that HTTP has for them",
            arguments: [
                ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n", 200, "abcd"),
                ("HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, "until the end"),
                ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end", 200, "until the end"),
                ("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ny", 200, "y"),
                ("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, ""),
                ("HTTP/1.1 302 Found\r\nLocation: //\r\nContent-Length: 2\r\n\r\nok", 302, "ok"),
                ("HTTP/1.1 307 Again\r\nLocation: http:///%zz?%#%\r\nContent-Length: 2\r\n\r\nok", 307, "ok"),
                (
                    "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 4\r\n\r\nwho?", 401,
                    "who?"
                ),
                ("HTTP/1.1 429 Slow\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n", 429, ""),
            ]
        )
        func forms(_ answer: (text: String, status: Int, body: String)) async throws {
            try await ScriptedServer.run(script: { _, _ in [.send(answer.text), .close] }) { server in
                try await TransportUnderTest.run { transport in
                    let request = HTTPRequest(method: .post, url: server.url(), body: [1, 2, 3])
                    let response = try await transport.send(request)
                    #expect(response.status == answer.status)
                    #expect(String(decoding: response.body, as: UTF8.self) == answer.body)
                }
                #expect(server.requests.count == 1)
            }
        }

        @Test("gives the body of a redirect that leads nowhere")
        func redirectWithoutAddress() async throws {
            let script: ScriptedServer.Script = { _, _ in [.answer("301 Moved", "here")] }
            try await ScriptedServer.run(script: script) { server in
                try await TransportUnderTest.run { transport in
                    let response = try await transport.send(HTTPRequest(url: server.url()))
                    #expect(response.status == 301)
                    #expect(response.body == Array("here".utf8))
                }
            }
        }

        @Test("uses one connection for requests in a row")
        func reuse() async throws {
            try await ScriptedServer.run(script: { _, _ in [.answer("200 OK", "x")] }) { server in
                try await TransportUnderTest.run { transport in
                    for _ in 0..<3 { _ = try await transport.send(HTTPRequest(url: server.url())) }
                }
                #expect(server.requests.count == 3)
                #expect(server.connectionCount == 1)
            }
        }

        @Test("carries fifty requests at once, each with its own answer")
        func parallel() async throws {
            let script: ScriptedServer.Script = { _, request in
                [.wait(.milliseconds(10)), .answer("200 OK", String(decoding: request.body, as: UTF8.self))]
            }
            try await ScriptedServer.run(script: script) { server in
                try await TransportUnderTest.run { transport in
                    let url = server.url()
                    let answers = try await withThrowingTaskGroup(of: String.self) { group in
                        for number in 0..<50 {
                            group.addTask {
                                let request = HTTPRequest(method: .post, url: url, body: Array("n\(number)".utf8))
                                return String(decoding: try await transport.send(request).body, as: UTF8.self)
                            }
                        }
                        return try await group.reduce(into: Set()) { $0.insert($1) }
                    }
                    #expect(answers == Set((0..<50).map { "n\($0)" }))
                }
                #expect(server.requests.count == 50)
            }
        }

        @Test("reaches IPv6 addresses")
        func ipv6() async throws {
            try await ScriptedServer.run(host: "::1", script: { _, _ in [.answer("200 OK", "six")] }) { server in
                try await TransportUnderTest.run { transport in
                    let response = try await transport.send(HTTPRequest(url: server.url(host: "[::1]")))
                    #expect(response.body == Array("six".utf8))
                }
                #expect(server.requests.first?.header("Host") == "[::1]:\(server.port)")
            }
        }

        @Test("answers or fails requests that meet its shutdown")
        func meetingShutdown() async throws {
            try await ScriptedServer.run(script: { _, _ in [.answer("200 OK", "x")] }) { server in
                for _ in 0..<50 {
                    let kinds = try await TransportUnderTest.run { transport in
                        // So that a connection is there, and nothing else delays the others.
                        _ = try await transport.send(HTTPRequest(url: server.url()))
                        return await withTaskGroup(of: HTTPFailure.Kind?.self) { group in
                            for _ in 0..<8 {
                                group.addTask {
                                    do throws(HTTPFailure) {
                                        _ = try await transport.send(HTTPRequest(url: server.url()))
                                        return nil
                                    } catch {
                                        return error.kind
                                    }
                                }
                            }
                            group.addTask {
                                await transport.shutdown()
                                return nil
                            }
                            return await group.reduce(into: Set<HTTPFailure.Kind>()) { kinds, kind in
                                if let kind { kinds.insert(kind) }
                            }
                        }
                    }
                    // async-http-client may close a connection under a request that has just been given to it.
                    #expect(kinds.subtracting([.connectionLost]).isSubset(of: [.cancelled]))
                }
            }
        }

        @Test("fails requests after its shutdown, which may come twice")
        func shutdown() async throws {
            try await ScriptedServer.run(script: { _, _ in [.answer()] }) { server in
                try await TransportUnderTest.run { transport in
                    _ = try await transport.send(HTTPRequest(url: server.url()))
                    await transport.shutdown()
                    let failure = try #require(await transport.failure(of: HTTPRequest(url: server.url())))
                    #expect(failure.kind == .cancelled)
                    #expect(!failure.requestMayHaveBeenSent)
                }
                #expect(server.requests.count == 1)
            }
        }
    }
}
