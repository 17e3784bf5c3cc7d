import Domain
import FoundationEssentials
import Ports
import Testing

@testable import Adapters

@Suite("The status server", .timeLimit(.minutes(10)))
struct StatusServerTests {
    @Test("serves a page without anything from elsewhere, under a policy that allows nothing else")
    func page() async throws {
        try await StatusStage.with { stage in
            let answer = try await stage.get("/")
            #expect(answer.status == 200 && answer.headers["content-type"] == "text/html; charset=utf-8")
            let policy = try #require(answer.headers["content-security-policy"])
            #expect(policy.hasPrefix("default-src 'none'; ") && policy.contains("frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe") && !policy.contains("*") && !policy.contains("http"))
            #expect(policy.contains("script-src 'self'; ") && policy.contains("style-src 'self'; "))
            let scripts = answer.body.matches(of: /<script[^>]*>/).map { String($0.output) }
            #expect(scripts == ["<script src=\"/page.js\">"])
            #expect(!answer.body.contains("<style"))
            let (style, script) = (try await stage.get("/page.css"), try await stage.get("/page.js"))
            #expect(style.status == 200 && style.headers["content-type"] == "text/css; charset=utf-8")
            #expect(script.status == 200 && script.headers["content-type"] == "text/javascript; charset=utf-8")
            #expect(style.body.contains("color-scheme") || style.body.contains("prefers-color-scheme"))
            #expect(script.body.hasPrefix("'use strict';") && script.body.contains("/events"))
            let all = answer.body + style.body + script.body
            for sink in [
                "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "srcdoc", " style=\"",
                "javascript:",
            ] {
                #expect(!all.contains(sink), "\(sink)")
            }
            #expect(answer.body.firstMatch(of: /\son[a-z]+="/) == nil, "no handlers as attributes")
            let elsewhere = answer.body.firstMatch(of: /(?:src|href)="(?!data:|\/status|\/page\.)/)
            #expect(elsewhere == nil)
        }
    }

    @Test(
        "answers everything with headers that keep it to itself",
        arguments: ["/", "/healthz", "/readyz", "/status", "/metrics", "/nothing", "/activity"])
    func headers(path: String) async throws {
        try await StatusStage.with { stage in
            let answer = try RawHTTP.Answer(
                try await stage.stream(path, headers: ["Connection: close"]) { $0.contains("\r\n\r\n") })
            #expect(answer.headers["cache-control"] == "no-store")
            #expect(answer.headers["x-content-type-options"] == "nosniff")
            #expect(answer.headers["referrer-policy"] == "no-referrer")
            #expect(answer.headers["content-security-policy"]?.hasPrefix("default-src 'none'; ") == true)
            #expect(answer.headers["access-control-allow-origin"] == nil)
            #expect(answer.status == (path == "/nothing" ? 404 : path == "/readyz" ? 503 : 200))
        }
    }

    @Test("gives the status as JSON, with a caller's name as text and nothing else")
    func json() async throws {
        try await StatusStage.with(showsNumbers: true) { stage in
            let name = "\"><img src=x onerror=alert(1)><script>alert(2)</script>\u{2028}"
            stage.update { scene in
                scene.see(StatusScene.call("1", StatusScene.agent(.ringing, name: name), name: name))
            }
            let answer = try await stage.get("/status")
            #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
            let status = try JSONDecoder().decode(BridgeStatus.self, from: Data(answer.body.utf8))
            #expect(status.calls.first?.name == name && status.version == "1.2.3" && status.instance == "test")
            let page = try await stage.get("/").body
            #expect(!page.contains("onerror"), "the page itself holds nothing of a call")
        }
    }

    @Test("tells whether the process lives, and whether both sides can be reached")
    func health() async throws {
        try await StatusStage.with { stage in
            #expect(try await stage.get("/healthz").body == "ok\n")
            let early = try await stage.get("/readyz")
            #expect(early.status == 503)
            #expect(
                early.body
                    == #"{"isReady":false,"phoneSystem":false,"reasons":["Connecting to 3CX"],"zammad":true}"# + "\n")
            stage.update { $0.board.note(.healthChanged(.live(since: $0.now, lastPoll: $0.now))) }
            #expect(try await stage.get("/readyz").status == 200)
            stage.update { scene in
                scene.see(StatusScene.call("1", StatusScene.agent(.ringing)))
                scene.finish(.retry("connection refused", scope: .zammad))
            }
            let late = try await stage.get("/readyz")
            #expect(late.status == 503 && late.body.contains("connection refused"))
            #expect(try await stage.get("/healthz").status == 200)
        }
    }

    @Test("says of a core that is stuck that it is")
    func stuck() async throws {
        let core = BridgeCore()
        let long = StatusFacts(core: core, busySince: StatusScene.start)
        try await StatusStage.with(facts: { long }) { stage in
            let answer = try await stage.get("/healthz")
            #expect(answer.status == 503)
        }
    }

    @Test("serves metrics that Prometheus can read")
    func metrics() async throws {
        try await StatusStage.with { stage in
            stage.update { $0.see(StatusScene.call("1", StatusScene.agent(.ringing))) }
            let answer = try await stage.get("/metrics")
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(try PrometheusDocument(answer.body).value("zammadbridge_live_calls", ["state": "ringing"]) == 1)
        }
    }

    @Test(
        "answers HEAD without a body, and other methods with 405", arguments: ["/", "/healthz", "/status", "/events"])
    func methods(path: String) async throws {
        try await StatusStage.with { stage in
            let head = try await RawHTTP.request("HEAD", path, port: stage.port)
            #expect(head.status == 200 && head.body.isEmpty)
            for method in ["POST", "DELETE", "PUT", "OPTIONS"] {
                let answer = try await RawHTTP.request(method, path, port: stage.port)
                #expect(answer.status == 405 && answer.headers["allow"] == "GET, HEAD", "\(method)")
            }
        }
    }

    @Test("refuses a page of another site that has got hold of the address (DNS rebinding)")
    func foreignHost() async throws {
        try await StatusStage.with { stage in
            for (host, status) in [
                ("evil.example", 403), ("127.0.0.1.evil.example:80", 403), ("localhost.evil.example", 403),
                ("127.0.0.1:80.evil.example", 403), ("127.0.0.1:80@evil.example", 403), ("[::1].evil.example", 403),
                ("[::1", 403), ("localhost:", 403), ("localhost:\(stage.port)", 200), ("[::1]", 200),
                ("127.0.0.1", 200), ("[::1]:9315", 200),
            ] {
                let text = "GET /status HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
                let answer = try RawHTTP.Answer(try await RawHTTP.exchange(text, port: stage.port))
                #expect(answer.status == status, "\(host)")
            }
        }
    }

    @Test("takes no heads without end, and answers the next one")
    func limits() async throws {
        try await StatusStage.with { stage in
            let long = String(repeating: "a", count: 100_000)
            let many = (0..<200).map { "X-\($0): y" }
            for headers in [["X-Long: \(long)"], many] {
                let head = (["GET /healthz HTTP/1.1", "Host: localhost"] + headers).joined(separator: "\r\n")
                let text = try await RawHTTP.exchange(head + "\r\n\r\n", port: stage.port)
                #expect(!text.hasPrefix("HTTP/1.1 200"), "\(text.prefix(40))")
            }
            let path = try await RawHTTP.exchange("GET /\(long) HTTP/1.1\r\nHost: localhost\r\n\r\n", port: stage.port)
            #expect(!path.hasPrefix("HTTP/1.1 200"))
            for nonsense in ["\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"] {
                _ = try await RawHTTP.exchange(nonsense, port: stage.port)
            }
            #expect(try await stage.get("/healthz").status == 200)
        }
    }

    @Test("says in the system's words why it cannot listen")
    func takenPort() async throws {
        try await StatusStage.with { stage in
            let settings = StatusServerSettings(
                address: StatusAddress(host: "127.0.0.1", port: stage.port),
                access: StatusAccess(token: nil, port: stage.port), version: "1", instance: "i",
                privacy: StatusPrivacy(showsNumbers: false))
            let scene = StatusScene()
            let second = StatusServer(
                settings, board: scene.board, clock: SystemClock(), log: StatusStage.silent
            ) { scene.facts }
            do {
                try await second.run { _ in Issue.record("two servers at one address") }
                Issue.record("it ended without an error")
            } catch {
                #expect(StatusServer.reason(error) == "Address already in use")
            }
        }
    }
}
