import Foundation
import Testing
import Wire

@Suite("The loopback Zammad", .timeLimit(.minutes(10)))
struct LoopbackZammadTests {
    private let client = LoopbackClient()
    private let newCall: LoopbackJSON = [
        "event": "newCall", "direction": "in", "from": "493023125001", "to": "101", "callId": "a", "user": ["Anna"],
    ]
    private let hangup: LoopbackJSON = ["event": "hangup", "direction": "in", "callId": "a", "cause": "cancel"]

    @Test("it keeps rows and records requests in order of arrival")
    func rows() async throws {
        let zammad = try await LoopbackZammad.start()
        #expect(try await client.post(zammad.endpoint, json: newCall).body == "{}")
        #expect(try await client.post(zammad.endpoint, json: newCall).status == 500)
        #expect(try await client.post(zammad.endpoint, json: hangup).status == 200)
        #expect(try await client.post("\(zammad.origin)/api/v1/cti/wrong", json: hangup).status == 401)
        let requests = try await zammad.waitForRequests(count: 4)
        #expect(requests.map { $0.json?["event"]?.string } == ["newCall", "newCall", "hangup", "hangup"])
        #expect(requests[0].headers["accept"] == "application/json")
        let rows = await zammad.rows()
        #expect(rows.map(\.eventNames) == [["newCall", "hangup"]])
        #expect(rows[0].isMissed)
        await zammad.stop()
    }

    @Test("a wait ends with the event, not with the deadline")
    func waits() async throws {
        let zammad = try await LoopbackZammad.start()
        async let ended = zammad.wait { $0.first?.state == .hangup }
        #expect(try await client.post(zammad.endpoint, json: newCall).status == 200)
        #expect(try await client.post(zammad.endpoint, json: hangup).status == 200)
        #expect(try await ended.count == 1)
        await zammad.stop()
    }

    @Test("a wait for what never comes ends at its deadline and says what it saw")
    func deadline() async throws {
        let box = EventBox<Int>()
        await box.record(41)
        let error = try await #require(throws: DeadlineExceeded.self) {
            try await box.wait(for: "42", within: .milliseconds(20)) { $0 == 42 }
        }
        #expect(error.seen.contains("41"))
        let waiting = Task { try await box.wait { $0 == 42 } }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }

    @Test("faults hit the next requests in the order in which they were set")
    func faults() async throws {
        let zammad = try await LoopbackZammad.start()
        await zammad.inject(.status(503, body: "<html>", headers: ["Retry-After": "3"]), next: 2)
        await zammad.inject(.disabled, next: 1)
        await zammad.inject(.slow(.milliseconds(5)), next: 1)
        var statuses: [Int] = []
        for _ in 0..<4 { statuses.append(try await client.post(zammad.endpoint, json: newCall).status) }
        #expect(statuses == [503, 503, 422, 200])
        #expect(await zammad.rows().count == 1)
        await zammad.stop()
    }

    @Test("a dropped connection leaves the row if the fault says so", arguments: [true, false])
    func drops(processes: Bool) async throws {
        let zammad = try await LoopbackZammad.start()
        await zammad.inject(processes ? .processThenDrop : .drop)
        await #expect(throws: HTTPFailure.self) { try await client.post(zammad.endpoint, json: newCall) }
        #expect(await zammad.rows().isEmpty == !processes)
        await zammad.stop()
    }

    @Test("a hanging request ends when the server stops, and the port refuses until it is back")
    func hangsAndStops() async throws {
        let zammad = try await LoopbackZammad.start()
        await zammad.inject(.hang, next: 1)
        async let hanging = client.post(zammad.endpoint, json: newCall)
        try await zammad.waitForRequests(count: 1)
        await zammad.stop()
        let answer = try? await hanging
        #expect(answer?.status != 200)
        await #expect(throws: HTTPFailure.self) { try await client.post(zammad.endpoint, json: newCall) }
        try await zammad.restart()
        #expect(try await client.post(zammad.endpoint, json: newCall).status == 200)
        await zammad.stop()
    }

    @Test("the caller log is open to the API token only")
    func log() async throws {
        let zammad = try await LoopbackZammad.start(apiToken: "key")
        #expect(try await client.post(zammad.endpoint, json: newCall).status == 200)
        let url = "\(zammad.origin)/api/v1/cti/log"
        #expect(try await client.get(url).status == 401)
        let log = try await client.get(url, headers: ["Authorization": "Token token=key"])
        #expect(log.json?["list"]?[0]?["call_id"] == "a")
        #expect(log.json?["list"]?[0]?["done"] == false)
        await zammad.stop()
    }
}
