import Domain
import Ports
import Testing

@testable import Adapters

@Suite("Who may read the status", .timeLimit(.minutes(10)))
struct StatusAccessTests {
    private let token = StatusStage.token

    @Test(
        "with a token: nobody without it, but the check whether the process lives",
        arguments: ["/", "/status", "/readyz", "/metrics", "/events", "/activity", "/nothing"])
    func withoutToken(path: String) async throws {
        try await StatusStage.with(token: token) { stage in
            for headers in [
                [], ["Authorization: Bearer wrong"], ["Authorization: Bearer "], ["Authorization: Basic \(token)"],
                ["Authorization: Bearer \(token)x"], ["Cookie: zammadbridge_0=\(token)"], ["Cookie: zammadbridge_0="],
            ] {
                let answer = try await stage.get(path, headers: headers)
                #expect(answer.status == 401 && answer.headers["www-authenticate"] == "Bearer", "\(headers)")
                #expect(!answer.body.contains(token))
            }
            let query = try await stage.get("\(path)?token=\(token)")
            #expect(query.status == 401, "no token in an address, which proxies log")
            #expect(try await stage.get("/healthz").status == 200)
        }
    }

    @Test("with a token: programs by their header, under whatever name the bridge is reached")
    func bearer() async throws {
        try await StatusStage.with(token: token) { stage in
            for word in ["Bearer", "bearer"] {
                let answer = try await stage.get("/status", headers: ["Authorization: \(word) \(token)"])
                #expect(answer.status == 200)
            }
            let text =
                "GET /status HTTP/1.1\r\nHost: bridge.example\r\nAuthorization: Bearer \(token)\r\n"
                + "Connection: close\r\n\r\n"
            #expect(try RawHTTP.Answer(try await RawHTTP.exchange(text, port: stage.port)).status == 200)
        }
    }

    @Test("another token lets nobody in by the old one: no program, no session, no stream that goes on")
    func otherToken() async throws {
        try await StatusStage.with(token: token) { stage in
            let cookie = try #require(
                try await RawHTTP.request("POST", "/login", body: "token=\(token)", port: stage.port)
                    .headers["set-cookie"]?.split(separator: ";").first)
            let old = ["Authorization: Bearer \(token)"]
            async let stream = stage.stream("/activity", headers: old + ["Connection: close"]) { text in
                if text.contains(": hello") { stage.access.change(to: Secret("another-token-0123")) }
                return false
            }
            // It ends, though nothing has happened.
            #expect(try await stream.contains(": hello"))
            #expect(try await stage.get("/status", headers: old).status == 401)
            #expect(try await stage.get("/status", headers: ["Cookie: \(cookie)"]).status == 401)
            #expect(try await stage.get("/status", headers: ["Authorization: Bearer another-token-0123"]).status == 200)
            stage.access.change(to: nil)
            #expect(try await stage.get("/status").status == 200)
            stage.access.change(to: Secret(token))
            #expect(try await stage.get("/status").status == 401)
            #expect(try await stage.get("/status", headers: old).status == 200)
        }
    }

    @Test("whoever guesses has ten tries, is told of in the log once, and is then not listened to; others are")
    func guesses() {
        let wrong = WrongTokens()
        let now = StatusScene.start
        for turn in 1...10 {
            #expect(wrong.mayTry("::1", at: now))
            #expect(wrong.note("::1", at: now) == (turn == 1 ? 1 : nil))
        }
        #expect(!wrong.mayTry("::1", at: now) && wrong.mayTry("127.0.0.1", at: now))
        #expect(!wrong.mayTry("::1", at: now + .seconds(1)) && wrong.mayTry("::1", at: now + .seconds(2)))
        #expect(wrong.note("::1", at: now + .seconds(2)) == nil && !wrong.mayTry("::1", at: now + .seconds(3)))
        #expect(wrong.note("::1", at: now + .seconds(60)) == 11, "what was not told since")
        #expect(!wrong.mayTry("::1", at: now + .seconds(-3600)), "a clock that was put back gives no tries")
        for number in 0..<1000 { _ = wrong.note("\(number)", at: now + .seconds(61)) }
        #expect(wrong.mayTry("::1", at: now + .seconds(61)), "there is room for so many addresses only")
    }

    @Test("too many wrong tokens are answered with 429, also those of the form")
    func throttled() async throws {
        try await StatusStage.with(token: token) { stage in
            let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        try await number % 2 == 0
                            ? stage.get("/status", headers: ["Authorization: Bearer wrong"]).status
                            : RawHTTP.request("POST", "/login", body: "token=wrong", port: stage.port).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(wrong) == [401, 429] && wrong.filter { $0 == 401 }.count <= 14, "\(wrong)")
            let answer = try await stage.get("/status", headers: ["Authorization: Bearer \(token)"])
            #expect([200, 429].contains(answer.status))
        }
    }

    @Test("with a token: browsers by a form, and then by a cookie that no script and no other site can use")
    func login() async throws {
        try await StatusStage.with(token: token) { stage in
            let form = try await stage.get("/")
            #expect(form.body.contains("<form") && form.body.contains("type=\"password\""))
            #expect(form.headers["content-security-policy"]?.contains("form-action 'self'") == true)
            let wrong = try await RawHTTP.request("POST", "/login", body: "token=nope", port: stage.port)
            #expect(wrong.status == 401 && wrong.body.contains("That is not the token"))
            #expect(wrong.headers["set-cookie"] == nil)
            let right = try await RawHTTP.request("POST", "/login", body: "token=\(token)", port: stage.port)
            #expect(right.status == 303 && right.headers["location"] == "/")
            let cookie = try #require(right.headers["set-cookie"])
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains(token))
            let pair = try #require(cookie.split(separator: ";").first)
            #expect(try await stage.get("/", headers: ["Cookie: a=b; \(pair)"]).body.contains("id=\"calls\""))
            #expect(try await stage.get("/status", headers: ["Cookie: \(pair)x"]).status == 401)
            let long = "token=" + String(repeating: "x", count: 10_000)
            #expect(try await RawHTTP.request("POST", "/login", body: long, port: stage.port).status == 413)
        }
    }

    @Test("without a token there is no form")
    func noForm() async throws {
        try await StatusStage.with { stage in
            let answer = try await RawHTTP.request("POST", "/login", body: "token=", port: stage.port)
            #expect(answer.status == 404)
        }
    }

    @Test("a session ends after twelve hours, and the oldest of too many")
    func sessions() {
        let sessions = StatusSessions()
        let first = sessions.open(at: StatusScene.start)
        #expect(sessions.isOpen(first, at: StatusScene.start + .seconds(12 * 3600 - 1)))
        #expect(!sessions.isOpen(first, at: StatusScene.start + .seconds(12 * 3600)))
        #expect(!sessions.isOpen("", at: StatusScene.start))
        let others = (1...64).map { sessions.open(at: StatusScene.start + .seconds($0)) }
        #expect(!sessions.isOpen(first, at: StatusScene.start + .seconds(100)))
        #expect(others.allSatisfy { sessions.isOpen($0, at: StatusScene.start + .seconds(100)) })
        #expect(Set(others).count == 64 && others.allSatisfy { $0.count == 48 })
    }

    @Test(
        "addresses of this machine alone",
        arguments: [
            ("127.0.0.1:9315", true), ("127.8.9.1:1", true), ("localhost:0", true), ("[::1]:9315", true),
            ("LOCALHOST:1", true), ("0.0.0.0:9315", false), ("[::]:9315", false), ("192.168.1.5:80", false),
            ("127.0.0.1.example.com:80", false), ("bridge:9315", false), ("127.0.0:80", false),
            ("127.0.0.256:8", false),
        ])
    func loopback(text: String, isLoopback: Bool) throws {
        let address = try #require(StatusAddress(text))
        #expect(address.isLoopback == isLoopback)
    }

    @Test("addresses", arguments: ["", "x", ":80", "[]:1", "a:b", "a:70000", "a:-1"])
    func noAddress(text: String) {
        #expect(StatusAddress(text) == nil)
    }

    @Test(
        "the fields of a form",
        arguments: [
            ("token=a", "a"), ("x=1&token=a%2Bb+c%26", "a+b c&"), ("token=%C3%BC", "ü"), ("tok%65n=a", "a"),
            ("token=", ""), ("token", nil), ("", nil), ("token=%", nil), ("token=%zz", nil), ("token=%ff", nil),
            ("token=a=b", "a=b"),
        ] as [(String, String?)])
    func form(text: String, value: String?) {
        #expect(FormText.value("token", in: text) == value)
    }
}
