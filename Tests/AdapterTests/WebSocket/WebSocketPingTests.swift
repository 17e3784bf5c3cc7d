import Testing
import Wire

extension WebSocketTests {
    @Suite("that nothing is heard on", .timeLimit(.minutes(10)))
    struct Pings {
        private typealias Frame = ScriptedPeer.Frame

        @Test("pings again and again, and lives as long as there are pongs")
        func alive() async throws {
            try await WebSocketStage.run { stage in
                let (socket, peer) = try await stage.open(stage.request(pingInterval: .milliseconds(20)))
                for _ in 0..<5 {
                    let ping = try await peer.frame()
                    #expect(ping.opcode == Frame.ping && ping.isMasked && ping.isFinal)
                    try await peer.send(Frame.bytes(Frame.pong, ping.payload))
                }
                try await peer.send(Frame.text("alive"))
                #expect(try await socket.text() == "alive")
            }
        }

        @Test("ends when no pong comes in time, whatever else arrives")
        func silent() async throws {
            try await WebSocketStage.run { stage in
                let (socket, peer) = try await stage.open(
                    stage.request(pingInterval: .milliseconds(20), pongTimeout: .milliseconds(300)),
                    then: Frame.text("no pong") + Frame.bytes(Frame.ping))
                #expect(try await socket.text() == "no pong")
                let talking = Task {
                    while true {
                        try await peer.send(Frame.text("still none"))
                        try await Task.sleep(for: .milliseconds(10))
                    }
                }
                var failure: WebSocketFailure?
                while failure == nil {
                    do throws(WebSocketFailure) { _ = try await socket.receive() } catch { failure = error }
                }
                #expect(failure?.kind == .silent)
                #expect(failure?.detail.contains("127.0.0.1:\(stage.server.port)") == true)
                #expect(try await peer.frame().opcode == Frame.pong)
                #expect(try await peer.frame().opcode == Frame.ping)
                try await peer.ended()
                await #expect(throws: (any Error).self) { try await talking.value }
            }
        }

        @Test("answers the server's pings with what they hold, in order")
        func answers() async throws {
            try await WebSocketStage.run { stage in
                let (socket, peer) = try await stage.open()
                for payload in [[], [1, 2, 3], [UInt8](repeating: 9, count: 125)] {
                    try await peer.send(Frame.bytes(Frame.ping, payload))
                    #expect(try await peer.frame() == Frame(opcode: Frame.pong, payload: payload))
                }
                await socket.close()
            }
        }

        @Test("does not take its own reader's slowness for the peer's silence")
        func slowReader() async throws {
            try await WebSocketStage.run { stage in
                let text = String(repeating: "x", count: 200)
                // More than is read at once with the answer, and more messages than are held.
                let many = [UInt8]((0..<3000).map { _ in Frame.text(text) }.joined())
                let (socket, peer) = try await stage.open(
                    stage.request(pingInterval: .milliseconds(50), pongTimeout: .seconds(2)), then: many)
                // By then it has long stopped reading; the pong stands behind what it has not read.
                #expect(try await peer.frame().opcode == Frame.ping)
                try await peer.send(Frame.bytes(Frame.pong))
                // Not to wait for something, but to be slower than the peer may be.
                try await Task.sleep(for: .seconds(4))
                for _ in 0..<3000 { #expect(try await socket.text() == text) }
            }
        }
    }
}
