import Adapters
import Testing

extension WebSocketTests {
    @Suite("that is open", .timeLimit(.minutes(10)))
    struct Messages {
        private typealias Frame = ScriptedPeer.Frame

        @Test("joins fragments, with control frames between them, and takes text and binary alike")
        func fragments() async throws {
            try await WebSocketStage.run { stage in
                let (socket, peer) = try await stage.open()
                try await peer.send(Frame.bytes(1, Array("He".utf8), isFinal: false))
                try await peer.send(Frame.bytes(9, Array("are you there".utf8)))
                try await peer.send(Frame.bytes(0, Array("ll".utf8), isFinal: false) + Frame.bytes(10, [1]))
                #expect(try await peer.frame() == Frame(opcode: Frame.pong, payload: Array("are you there".utf8)))
                try await peer.send(Frame.bytes(0, [], isFinal: false) + Frame.bytes(0, Array("o".utf8)))
                try await peer.send(Frame.bytes(2, [0, 255, 13]) + Frame.bytes(1))
                #expect(try await socket.text() == "Hello")
                #expect(try await socket.receive() == [0, 255, 13])
                #expect(try await socket.receive() == [])
            }
        }

        @Test(
            "takes every length of frame, and a mebibyte in one piece or in many",
            arguments: [125, 126, 65_536, 1 << 20])
        func lengths(_ length: Int) async throws {
            try await WebSocketStage.run { stage in
                let (socket, peer) = try await stage.open()
                let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                try await peer.send(Frame.bytes(2, payload))
                #expect(try await socket.receive() == payload)
                let half = length / 2
                try await peer.send(Frame.bytes(2, Array(payload[..<half]), isFinal: false))
                try await peer.send(Frame.bytes(0, Array(payload[half...])))
                #expect(try await socket.receive() == payload)
            }
        }

        @Test(
            "ends with 1009 on a message that is too long, in one frame or in the sum or the number of its fragments",
            arguments: [
                Frame.bytes(1, announcing: 1001), Frame.bytes(1, announcing: Int.max),
                Frame.bytes(1, Array(repeating: 65, count: 600), isFinal: false)
                    + Frame.bytes(0, Array(repeating: 65, count: 401)),
                Frame.bytes(1, isFinal: false) + (0..<1024).flatMap { _ in Frame.bytes(0, isFinal: false) },
            ])
        func tooLong(_ bytes: [UInt8]) async throws {
            try await WebSocketStage.run { stage in
                let (socket, peer) = try await stage.open(stage.request(maximumMessageBytes: 1000))
                try await peer.send(Frame.bytes(1, Array(repeating: 66, count: 1000)))
                #expect(try await socket.receive().count == 1000)
                try await peer.send(bytes)
                #expect(await socket.failure()?.kind == .messageTooLong)
                #expect(try await peer.frame() == .close(1009))
                try await peer.ended()
            }
        }

        @Test(
            "ends with 1002 on what a server must not send",
            arguments: [
                Frame.bytes(1, [65], mask: [1, 2, 3, 4]), Frame.bytes(1, [65], reservedBits: 4),
                Frame.bytes(9, reservedBits: 1), Frame.bytes(3), Frame.bytes(11), Frame.bytes(0, [65]),
                Frame.bytes(1, isFinal: false) + Frame.bytes(1), Frame.bytes(9, isFinal: false),
                Frame.bytes(9, Array(repeating: 0, count: 126)), Frame.bytes(8, [3]), Frame.bytes(8, [0x03, 0xEE]),
                Frame.bytes(8, [0, 0]), Frame.bytes(1, announcing: -1),
            ])
        func violations(_ bytes: [UInt8]) async throws {
            try await WebSocketStage.run { stage in
                let (socket, peer) = try await stage.open()
                try await peer.send(Frame.text("before") + bytes)
                #expect(try await socket.text() == "before")
                let failure = await socket.failure()
                let isTooLong = bytes.count > 2 && bytes[1] == 127
                #expect(failure?.kind == (isTooLong ? .messageTooLong : .protocolViolation))
                #expect(await socket.failure() == failure)
                let close = try await peer.frame()
                #expect(close == .close(isTooLong ? 1009 : 1002))
                try await peer.ended()
            }
        }

        @Test(
            "reads the code of the server's Close frame and answers with it", arguments: [1000, 1001, 1011, 4000, nil])
        func serverCloses(_ code: Int?) async throws {
            try await WebSocketStage.run { stage in
                let (socket, peer) = try await stage.open()
                let reason = code == nil ? [] : Array("bye".utf8)
                try await peer.send(
                    Frame.text("last") + Frame.bytes(8, Frame.close(code).payload + reason) + Frame.text("too late"))
                #expect(try await socket.text() == "last")
                let failure = await socket.failure()
                #expect(failure?.kind == .closed(code: code))
                #expect(await socket.failure() == failure)
                let answer = try await peer.frame()
                #expect(answer == .close(code))
                #expect(answer.isMasked)
                try await peer.ended()
                await socket.close()
            }
        }

        @Test("names an end without a Close frame", arguments: [false, true])
        func cut(_ byReset: Bool) async throws {
            try await WebSocketStage.run { stage in
                let (socket, peer) = try await stage.open()
                async let failure = socket.failure()
                try await peer.send(Frame.bytes(1, announcing: 10))
                if byReset { try await peer.reset() } else { try await peer.close() }
                #expect(await failure?.kind == .closed(code: nil))
            }
        }

        @Test("says goodbye when it is closed, and takes the answer")
        func closes() async throws {
            try await WebSocketStage.run { stage in
                let (socket, peer) = try await stage.open()
                let receiving = Task { await socket.failure() }
                let closing = Task { await socket.close() }
                #expect(try await peer.frame() == .close(1000))
                await peer.sendUnlessGone(Frame.text("unheard") + Frame.bytes(8, Frame.close(1000).payload))
                await closing.value
                try await peer.ended()
                #expect(await receiving.value?.kind == .closed(code: 1000))
                #expect(await socket.failure()?.kind == .closed(code: 1000))
                await socket.close()
            }
        }

        @Test("is closed in bounded time though the peer says nothing")
        func closesAlone() async throws {
            try await WebSocketStage.run { stage in
                let (socket, peer) = try await stage.open()
                let startedAt = ContinuousClock.now
                await socket.close()
                #expect(ContinuousClock.now - startedAt < .seconds(20))
                #expect(try await peer.frame() == .close(1000))
                try await peer.ended()
            }
        }

        @Test("is closed when nobody holds it any more")
        func letGo() async throws {
            try await WebSocketStage.run { stage in
                func opened() async throws -> ScriptedPeer { try await stage.open().peer }
                try await opened().ended()
            }
        }

        @Test("gives up waiting for a message when the task is cancelled, and loses none")
        func cancelledReceive() async throws {
            try await WebSocketStage.run { stage in
                let (socket, peer) = try await stage.open()
                let receiving = Task { await socket.failure() }
                receiving.cancel()
                #expect(await receiving.value?.kind == .cancelled)
                try await peer.send(Frame.text("still here"))
                #expect(try await socket.text() == "still here")
            }
        }

        @Test("loses nothing when more arrives than it holds")
        func backpressure() async throws {
            try await WebSocketStage.run { stage in
                let (socket, peer) = try await stage.open()
                let payload = [UInt8](repeating: 7, count: 256 * 1024)
                let frame = Frame.bytes(2, payload)
                let count = 120
                let written = ObservedValue(0)
                let writing = Task {
                    for _ in 0..<count {
                        try await peer.send(frame)
                        await written.update { $0 += 1 }
                    }
                }
                try await written.wait(for: "32 messages", within: .seconds(60)) { $0 >= 32 }
                for _ in 0..<count { #expect(try await socket.receive() == payload) }
                try await writing.value
            }
        }
    }
}
