import Ports
import Testing

@testable import Adapters

@Suite("Every HTTP transport", .timeLimit(.minutes(2)))
struct HTTPTransportContractTests {
    @Test(
        "gives status and body of any answer",
        arguments: TransportUnderTest.all,
        [("200 OK", "hello"), ("204 No Content", ""), ("404 Not Found", "{}"), ("500 Oops", "bad"), ("503 Later", "")]
    )
    func answers(_ made: TransportUnderTest, _ answer: (status: String, body: String)) async throws {
        try await ScriptedServer.run(script: { _, _ in [.answer(answer.status, answer.body)] }) { server in
            try await made.run { transport in
                let response = try await transport.send(HTTPRequest(url: server.url("/x")))
                #expect(answer.status.hasPrefix("\(response.status)"))
                #expect(response.body == Array(answer.body.utf8))
            }
        }
    }

    @Test("sends method, target, headers and body as given", arguments: TransportUnderTest.all, HTTPMethod.allCases)
    func requests(_ made: TransportUnderTest, _ method: HTTPMethod) async throws {
        let hasBody = method != .get && method != .head
        let body = Array(#"{"event":"newCall","from":"Müller"}"#.utf8)
        try await ScriptedServer.run(script: { _, _ in [.answer()] }) { server in
            try await made.run(HTTPTransportSettings(userAgent: "bridge-test/1")) { transport in
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

    @Test("gives every Set-Cookie by itself, dates and all", arguments: TransportUnderTest.all)
    func cookies(_ made: TransportUnderTest) async throws {
        let cookies = [
            "a=1; Expires=Wed, 21 Oct 2037 07:28:00 GMT; Path=/; HttpOnly", "session=x,y; Secure", "c=",
        ]
        let headers = cookies.map { "Set-Cookie: \($0)" } + ["X-Other: 1"]
        try await ScriptedServer.run(script: { _, _ in [.answer(headers: headers)] }) { server in
            try await made.run { transport in
                let response = try await transport.send(HTTPRequest(url: server.url()))
                #expect(response.headers.all("set-cookie") == cookies)
                #expect(response.headers.first("x-OTHER") == "1")
                _ = try await transport.send(HTTPRequest(url: server.url()))
            }
            #expect(server.requests.map { $0.header("Cookie") } == [nil, nil], "cookies are the caller's business")
        }
    }

    @Test("shows a redirect and does not follow it", arguments: TransportUnderTest.all, ["GET", "POST"])
    func redirects(_ made: TransportUnderTest, _ method: String) async throws {
        try await ScriptedServer.run(script: { _, _ in [.answer("200 OK", "elsewhere")] }) { elsewhere in
            let location = "Location: \(elsewhere.url("/login"))"
            let script: ScriptedServer.Script = { _, _ in [.answer("302 Found", headers: [location], "moved")] }
            try await ScriptedServer.run(script: script) { server in
                try await made.run { transport in
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

    @Test("uses one connection for requests in a row", arguments: TransportUnderTest.all)
    func reuse(_ made: TransportUnderTest) async throws {
        try await ScriptedServer.run(script: { _, _ in [.answer("200 OK", "x")] }) { server in
            try await made.run { transport in
                for _ in 0..<3 { _ = try await transport.send(HTTPRequest(url: server.url())) }
            }
            #expect(server.requests.count == 3)
            #expect(server.connectionCount == 1)
        }
    }

    @Test("carries fifty requests at once, each with its own answer", arguments: TransportUnderTest.all)
    func parallel(_ made: TransportUnderTest) async throws {
        let script: ScriptedServer.Script = { _, request in
            [.wait(.milliseconds(10)), .answer("200 OK", String(decoding: request.body, as: UTF8.self))]
        }
        try await ScriptedServer.run(script: script) { server in
            try await made.run { transport in
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

    @Test("reaches IPv6 addresses, or says plainly that it cannot", arguments: TransportUnderTest.all)
    func ipv6(_ made: TransportUnderTest) async throws {
        try await ScriptedServer.run(host: "::1", script: { _, _ in [.answer("200 OK", "six")] }) { server in
            try await made.run { transport in
                let request = HTTPRequest(url: server.url(host: "[::1]"))
                switch made.kind {
                case .nio:
                    let response = try await transport.send(request)
                    #expect(response.body == Array("six".utf8))
                case .foundation:
                    let failure = try #require(await transport.failure(of: request))
                    #expect(failure.kind == .invalidURL)
                    #expect(!failure.requestMayHaveBeenSent)
                    #expect(failure.detail.contains("http_client nio does"))
                }
            }
        }
    }

    @Test("fails requests after its shutdown, which may come twice", arguments: TransportUnderTest.all)
    func shutdown(_ made: TransportUnderTest) async throws {
        try await ScriptedServer.run(script: { _, _ in [.answer()] }) { server in
            try await made.run { transport in
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
