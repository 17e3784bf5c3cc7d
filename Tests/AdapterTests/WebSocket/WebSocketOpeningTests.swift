import Testing

@testable import Played
@testable import Wire

extension WebSocketTests {
    @Suite("when it is opened,", .timeLimit(.minutes(10)))
    struct Opening {
        @Test(
            "asks for the upgrade as RFC 6455 wants it, with the headers it was given",
            arguments: ["ws://127.0.0.1", "http://127.0.0.1", "WS://127.0.0.1", "ws://localhost"])
        func request(_ origin: String) async throws {
            try await WebSocketStage.run(url: { "\(origin):\($0)/callcontrol/ws?a=b#c" }) { stage in
                async let opening = stage.opener.open(stage.request())
                let peer = try await stage.server.connection()
                let head = try await peer.head()
                try await peer.accept(head)
                let socket = try await opening
                let host = origin.hasSuffix("localhost") ? "localhost" : "127.0.0.1"
                #expect(head.first == "GET /callcontrol/ws?a=b HTTP/1.1")
                for line in [
                    "Host: \(host):\(stage.server.port)", "Upgrade: websocket", "Connection: upgrade",
                    "Sec-WebSocket-Version: 13", "Authorization: Bearer s3cret", "User-Agent: 3cx-zammad-bridge",
                ] {
                    #expect(head.filter { $0 == line }.count == 1, "\(line) in \(head)")
                }
                let key = try #require(head.first { $0.hasPrefix("Sec-WebSocket-Key: ") })
                #expect(key.dropFirst("Sec-WebSocket-Key: ".count).utf8.count == 24)
                await socket.close()
            }
        }

        @Test("takes what comes in the same packet as the answer, and the bytes one by one as well")
        func trickle() async throws {
            try await WebSocketStage.run { stage in
                let (first, _) = try await stage.open(
                    then: ScriptedPeer.Frame.text("one") + ScriptedPeer.Frame.text("two"))
                #expect(try await first.text() == "one")
                #expect(try await first.text() == "two")
                async let opening = stage.opener.open(stage.request())
                let peer = try await stage.server.connection(1)
                let agreed = try await peer.acceptLines(try await peer.head())
                let interim = "HTTP/1.1 100 Continue\r\n\r\n"
                let lines = (["HTTP/1.0 101 Yes", "Server:\tx"] + agreed).joined(separator: "\r\n")
                try await peer.trickle(Array("\(interim)\(lines)\r\n\r\n".utf8) + ScriptedPeer.Frame.text("three"))
                let second = try await opening
                #expect(try await second.text() == "three")
            }
        }

        @Test(
            "says with which status it was refused, and nothing of the token",
            arguments: [200, 302, 401, 403, 404, 503])
        func refused(_ status: Int) async throws {
            try await WebSocketStage.run { stage in
                let failure = try await stage.failure { peer in
                    _ = try await peer.head()
                    try await peer.send(
                        "HTTP/1.1 \(status) No\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 2\r\n\r\nno")
                    try await peer.ended()
                }
                #expect(failure.kind == .refused(status: status))
                #expect(failure.detail.contains("http://127.0.0.1:\(stage.server.port)"))
                #expect(failure.detail.contains("\(status)"))
                #expect(!"\(failure)".contains("s3cret") && !"\(failure)".contains("callcontrol"))
                #expect(await stage.server.connectionCount == 1)
            }
        }

        @Test(
            "refuses an answer that does not fit the request",
            arguments: [
                "accept", "no accept", "no upgrade", "other protocol", "no connection", "extension", "subprotocol",
            ])
        func wrongAnswer(_ fault: String) async throws {
            try await WebSocketStage.run { stage in
                let failure = try await stage.failure { peer in
                    var head = try await peer.head()
                    if fault == "accept" {
                        head = head.map {
                            $0.hasPrefix("Sec-WebSocket-Key") ? "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==" : $0
                        }
                    }
                    var lines = try await peer.acceptLines(head)
                    func drop(_ name: String) { lines.removeAll { $0.lowercased().hasPrefix(name) } }
                    switch fault {
                    case "no accept": drop("sec-websocket-accept")
                    case "no upgrade": drop("upgrade")
                    case "other protocol":
                        drop("upgrade")
                        lines.append("Upgrade: h2c")
                    case "no connection": drop("connection")
                    case "extension": lines.append("Sec-WebSocket-Extensions: permessage-deflate")
                    case "subprotocol": lines.append("Sec-WebSocket-Protocol: chat")
                    default: break
                    }
                    try await peer.send("HTTP/1.1 101 Switching\r\n" + lines.joined(separator: "\r\n") + "\r\n\r\n")
                    try await peer.ended()
                }
                #expect(failure.kind == .protocolViolation)
            }
        }

        @Test(
            "refuses what is not HTTP",
            arguments: [
                "220 mail.example.net ESMTP\r\n", "HTTP/2 101 Yes\r\n\r\n", "HTTP/1.1 10 No\r\n\r\n",
                "HTTP/1.1 101Yes\r\n\r\n", "HTTP/1.1 101 Yes\r\nno colon\r\n\r\n", "HTTP/1.1 101 Yes\r\n: x\r\n\r\n",
                "HTTP/1.1 101 Yes\r\nA: b\r\n folded\r\n\r\n", "\r\n\r\nno",
                "HTTP/1.1 000 X\r\n\r\n", "HTTP/1.1 099 X\r\nContent-Length: 1\r\n\r\nx",
                "HTTP/1.1 101 Yes\r\nA: " + String(repeating: "x", count: 17_000),
                "HTTP/1.1 101 Yes\r\nA: " + String(repeating: "x", count: 17_000) + "\r\n\r\n",
            ])
        func notHTTP(_ text: String) async throws {
            try await WebSocketStage.run { stage in
                let failure = try await stage.failure { peer in
                    _ = try await peer.head()
                    try await peer.send(text)
                    try await peer.ended()
                }
                #expect(failure.kind == .protocolViolation)
            }
        }

        @Test("names a server that hangs up before its answer, gracefully or by reset", arguments: [false, true])
        func hungUp(_ byReset: Bool) async throws {
            try await WebSocketStage.run { stage in
                let failure = try await stage.failure { peer in
                    _ = try await peer.head()
                    try await peer.send("HTTP/1.1 101 Swi")
                    if byReset { try await peer.reset() } else { try await peer.close() }
                }
                #expect(failure.kind == .closed(code: nil))
            }
        }

        @Test("learns of the end of a connection that ends together with the answer")
        func brief() async throws {
            try await WebSocketStage.run { stage in
                for number in 0..<20 {
                    async let opening = stage.opener.open(stage.request())
                    let peer = try await stage.server.connection(number)
                    try await peer.accept(try await peer.head(), then: ScriptedPeer.Frame.text("bye"))
                    try await peer.close()
                    do {
                        let socket = try await opening
                        while true { _ = try await socket.receive() }
                    } catch let failure as WebSocketFailure {
                        #expect(failure.kind == .closed(code: nil))
                    }
                }
            }
        }

        @Test("opens or fails, whatever bytes stand in the answer")
        func mutations() async throws {
            try await WebSocketStage.run { stage in
                var random = SplitMix64(seed: 7)
                var opened = 0
                for number in 0..<300 {
                    let opening = Task { try await stage.opener.open(stage.request()) }
                    let peer = try await stage.server.connection(number)
                    let agreed = try await peer.acceptLines(try await peer.head())
                    let lines = ["HTTP/1.1 100 Continue", "", "HTTP/1.1 101 Switching Protocols"] + agreed + ["", ""]
                    var bytes = Array(lines.joined(separator: "\r\n").utf8)
                    for _ in 0..<Int.random(in: 1...3, using: &random) {
                        let index = Int.random(in: 0..<bytes.count, using: &random)
                        switch Int.random(in: 0..<3, using: &random) {
                        case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
                        case 1: bytes.remove(at: index)
                        default: bytes.insert(bytes[index], at: index)
                        }
                    }
                    await peer.sendUnlessGone(bytes)
                    try await peer.close()
                    do {
                        _ = try await opening.value
                        opened += 1
                    } catch let failure as WebSocketFailure {
                        #expect(failure.kind != .timeout && failure.kind != .cancelled)
                    }
                }
                #expect(opened > 20 && opened < 280)
            }
        }

        @Test("gives up on a server that says nothing, or too slowly, and hangs up", arguments: [false, true])
        func silent(_ beginsAnswer: Bool) async throws {
            try await WebSocketStage.run { stage in
                let failure = try await stage.failure(of: stage.request(timeout: .milliseconds(400))) { peer in
                    if beginsAnswer { await peer.sendUnlessGone(Array("HTTP/1.1 101 Switching\r\nUpgrade: web".utf8)) }
                    try await peer.ended()
                }
                #expect(failure.kind == .timeout)
                #expect(failure.detail.contains("127.0.0.1:\(stage.server.port)"))
            }
        }

        @Test("names a port without listener, a host without address and one that swallows packets")
        func unreachable() async throws {
            let opener = try NIOWebSocketOpener(settings: HTTPTransportSettings())
            func failure(_ url: String, _ timeout: Duration = .seconds(30)) async -> WebSocketFailure? {
                do throws(WebSocketFailure) {
                    _ = try await opener.open(WebSocketRequest(url: url, timeout: timeout))
                    return nil
                } catch {
                    return error
                }
            }
            try await LoopbackPort.withoutListener { port in
                let refused = await failure("ws://127.0.0.1:\(port)/secret")
                #expect(refused?.kind == .unreachable)
                #expect(refused?.description.contains("secret") == false)
            }
            #expect(await failure("wss://no-such-host.invalid/")?.kind == .unreachable)
            try await LoopbackPort.withFullBacklog { port in
                #expect(await failure("ws://127.0.0.1:\(port)/", .milliseconds(300))?.kind == .timeout)
            }
            for url in ["ftp://localhost/", "ws://user:pass@localhost/", "ws://", "localhost/ws"] {
                #expect(await failure(url)?.kind == .unreachable)
                #expect(await failure(url)?.description.contains("pass@") == false)
            }
            await opener.shutdown()
        }

        @Test("does not let a header's value begin a header of its own")
        func headerInjection() async throws {
            try await WebSocketStage.run { stage in
                var request = stage.request()
                request.headers.add("X", "a\r\nb: c")
                let failure = await stage.failureOfOpening(request)
                #expect(failure?.kind == .unreachable)
                #expect(await stage.server.connectionCount == 0)
            }
        }

        @Test("ends at once when its task is cancelled, and hangs up")
        func cancelled() async throws {
            try await WebSocketStage.run { stage in
                let opening = Task { await stage.failureOfOpening() }
                let peer = try await stage.server.connection()
                _ = try await peer.head()
                opening.cancel()
                #expect(await opening.value?.kind == .cancelled)
                try await peer.ended()
                let late = Task {
                    while !Task.isCancelled { await Task.yield() }
                    return await stage.failureOfOpening()
                }
                late.cancel()
                #expect(await late.value?.kind == .cancelled)
            }
        }

        @Test("ends with its opener, open or not yet")
        func shutdown() async throws {
            try await WebSocketStage.run { stage in
                let (socket, _) = try await stage.open()
                async let opening = stage.failureOfOpening()
                let peer = try await stage.server.connection(1)
                _ = try await peer.head()
                await stage.opener.shutdown()
                #expect(await opening?.kind == .cancelled)
                #expect(await socket.failure()?.kind == .closed(code: 1000))
                try await peer.ended()
                #expect(await stage.failureOfOpening()?.kind == .cancelled)
            }
        }
    }
}
