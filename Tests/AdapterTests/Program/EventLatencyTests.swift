import Foundation
import Ports
import Testing

@testable import Wire

/// How soon Zammad hears of what 3CX pushes, and how little 3CX is asked for it. `make bench-events` runs this alone,
/// on the release build, and shows the figures.
@Suite("With the events of 3CX v20, the daemon", .serialized, .timeLimit(.minutes(10)))
struct EventLatencyTests {
    private static let pollInterval: Duration = .seconds(5)

    @Test("tells Zammad long before a look would show it", arguments: [PhoneSystemKind.events, .version20])
    func latency(_ kind: PhoneSystemKind) async throws {
        let settings = ["poll_interval: 5", "reconcile_interval: 60"]
        try await BridgeStage.run(kind, settings: settings) { stage in
            let pbx = try #require(stage.pbx as? EventsUnderTest).pbx
            try await pbx.waitForOpenSockets(1)
            var (begins, ends): ([Duration], [Duration]) = ([], [])
            func measure(_ isEnd: Bool = false, _ change: () async throws -> Void) async throws {
                let beganAt = ContinuousClock.now
                try await change()
                try await stage.zammad.waitForRequests(count: begins.count + ends.count + 1)
                if isEnd {
                    ends.append(ContinuousClock.now - beganAt)
                } else {
                    begins.append(ContinuousClock.now - beganAt)
                }
            }
            for call: Int64 in 1...100 {
                // One in ten is missed.
                for status in call % 10 == 0 ? ["Ringing"] : ["Ringing", "Connected"] {
                    try await measure {
                        try await pbx.upsert(
                            .inbound(
                                id: 1000 + call, callID: call, dn: "101", from: "+493023125001", status: status))
                    }
                }
                try await measure(true) { try await pbx.removeParticipant(1000 + call, of: "101") }
            }
            #expect(begins.count == 190 && ends.count == 100)
            let high = Self.report(begins, "\(kind.rawValue): from an event of 3CX to the request at Zammad")
            #expect(high < Self.pollInterval / 2)
            _ = Self.report(ends, "\(kind.rawValue): the ends of calls alone")
            _ = Self.report(begins + ends, "\(kind.rawValue): all events")
            let all = (begins + ends).sorted()
            // 0.34 s on a quiet machine. A third of the events are ends, which would take the 2 s of the grace if
            // nothing confirmed them.
            #expect(all[all.count * 95 / 100] < .seconds(2))
            try await reportServerAlone(pbx)
        }
    }

    /// Two requests to such servers are part of each figure above.
    private func reportServerAlone(_ pbx: LoopbackCallControlPBX) async throws {
        let transport = try HTTPTransports.make(HTTPTransportSettings(userAgent: "test"))
        var times: [Duration] = []
        for _ in 0..<200 {
            let beganAt = ContinuousClock.now
            let answer = try await transport.send(HTTPRequest(url: pbx.host + LoopbackCallControlPBX.statePath))
            times.append(ContinuousClock.now - beganAt)
            #expect(answer.status == 401)
        }
        await transport.shutdown()
        _ = Self.report(times, "one request to the loopback server alone")
    }

    /// - Returns: the 99th percentile.
    private static func report(_ durations: [Duration], _ what: String) -> Duration {
        let sorted = durations.sorted()
        let (median, high) = (sorted[sorted.count / 2], sorted[sorted.count * 99 / 100])
        let most = sorted[sorted.count * 95 / 100]
        print("\(what): \(sorted.count) times, p50 \(text(median)), p95 \(text(most)), p99 \(text(high))")
        return high
    }

    @Test("asks 3CX for nothing between two full looks", arguments: [PhoneSystemKind.events, .version20])
    func idle(_ kind: PhoneSystemKind) async throws {
        let settings = ["poll_interval: 0.1", "reconcile_interval: 2"]
        try await BridgeStage.run(kind, settings: settings) { stage in
            let server = stage.pbx.server
            let pbx = try #require(stage.pbx as? EventsUnderTest).pbx
            try await pbx.waitForOpenSockets(1)
            // The poll from which on events count, and the one that shows that nothing comes between.
            let begin = await server.count(of: stage.pbx.callsPath) + 2
            try await server.requests.wait(count: begin) { $0.path == stage.pbx.callsPath }
            let polls = 3
            let paths = try await server.requests.wait(count: begin + polls, within: .seconds(60)) {
                $0.path == stage.pbx.callsPath
            }.map(\.path)
            let start = try #require(
                paths.indices.filter { paths[$0] == stage.pbx.callsPath }.dropFirst(begin - 1).first)
            // The rows that go with each poll, the first one's and the last one's as well.
            let rows = kind == .version20 ? polls + 1 : 0
            #expect(paths[(start + 1)...].count <= polls + rows, "\(paths[start...])")
            #expect(paths[(start + 1)...].count >= polls)
        }
    }

    private static func text(_ duration: Duration) -> String {
        String(
            format: "%.1f ms",
            Double(duration.components.seconds) * 1000 + Double(duration.components.attoseconds) / 1e15)
    }
}
