import Domain
import FoundationEssentials
import Testing

@testable import Adapters

@Suite("The live streams of the status server", .timeLimit(.minutes(10)))
struct StatusStreamTests {
    @Test("send the status at once, and again when something happens")
    func statuses() async throws {
        try await StatusStage.with { stage in
            let text = try await stage.stream("/events") { text in
                // The first event is there: now something happens.
                if text.contains("event: status"), !text.contains("\"pbxCall\":\"77\"") {
                    stage.update { scene in
                        guard scene.core.phoneSystems[0].view == nil else { return }
                        scene.see(StatusScene.call("77", StatusScene.agent(.ringing)))
                    }
                }
                return text.contains("\"pbxCall\":\"77\"") && text.hasSuffix("\n\n\r\n")
            }
            let answer = try RawHTTP.Answer(text)
            #expect(answer.headers["content-type"] == "text/event-stream; charset=utf-8")
            let data = answer.body.split(separator: "\n").filter { $0.hasPrefix("data: ") }
            #expect(data.count >= 2)
            let last = try #require(data.last).dropFirst("data: ".count)
            let status = try JSONDecoder().decode(BridgeStatus.self, from: Data(last.utf8))
            #expect(status.calls.map(\.pbxCall) == ["77"])
        }
    }

    @Test("send every decision and delivery from now on, and not what was before")
    func activities() async throws {
        try await StatusStage.with { stage in
            stage.update { $0.see(StatusScene.call("1", StatusScene.agent(.ringing))) }
            let text = try await stage.stream("/activity") { text in
                // The head is there: what happens now is heard.
                stage.update { if !$0.underWay.isEmpty { $0.deliverAll() } }
                return text.contains("newCall delivered")
            }
            #expect(text.contains("event: activity\ndata: {"))
            #expect(!text.contains("\"kind\":\"decision\""))
        }
    }

    @Test("have a limit, and give a place back when somebody leaves")
    func limit() async throws {
        try await StatusStage.with(mostListeners: 2) { stage in
            let holding = ObservedValue(0)
            let isOver = ObservedValue(false)
            let holders = (0..<2).map { _ in
                Task {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask {
                            _ = try await stage.stream("/activity") { text in
                                if text.contains("hello") { Task { await holding.update { $0 += 1 } } }
                                return false
                            }
                        }
                        group.addTask { try await isOver.wait { $0 } }
                        try await group.next()
                        group.cancelAll()
                    }
                }
            }
            try await holding.wait(for: "two listeners") { $0 >= 2 }
            let refused = try await stage.get("/events")
            #expect(refused.status == 503 && refused.headers["retry-after"] == "30")
            #expect(try await stage.get("/status").status == 200, "all else is still answered")
            await isOver.update { $0 = true }
            for holder in holders { _ = await holder.result }
            // The server notices the end of a connection by itself, some time later.
            var status = 503
            let start = ContinuousClock.now
            while status != 200, start.duration(to: .now) < .seconds(20) {
                let text = try await stage.stream("/activity") { $0.contains("\r\n\r\n") }
                status = try RawHTTP.Answer(text).status
            }
            #expect(status == 200)
        }
    }

    @Test("are read in whatever pieces they come", arguments: [1, 2, 3, 7, 1000])
    func parser(size: Int) throws {
        let text =
            ": hello\n\nevent: activity\r\ndata: {\"a\":1}\r\n\r\ndata: x\ndata: y\nid: 3\n\n: still here\n\nevent: e\n\n"
        var parser = ServerSentEventParser()
        var events: [ServerSentEventParser.Event] = []
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            events += try parser.feed(bytes.prefix(size))
            bytes = bytes.dropFirst(size)
        }
        #expect(
            events == [
                .init(name: "activity", data: "{\"a\":1}"), .init(name: "message", data: "x\ny"),
            ])
    }

    @Test("are not read without end when they are none")
    func endless() {
        var parser = ServerSentEventParser()
        #expect(throws: ServerSentEventParser.TooLong.self) {
            for _ in 0..<100 { _ = try parser.feed(Array(repeating: UInt8(ascii: "a"), count: 100_000)) }
        }
    }
}
