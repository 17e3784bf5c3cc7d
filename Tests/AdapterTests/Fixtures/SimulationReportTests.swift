import Domain
import Foundation
import Testing

@testable import Adapters

@Suite("Fixtures: reports", .computing)
struct SimulationReportTests {
    private static let newCall =
        #"{ "at": 1, "event": "newCall", "callId": "3cx-322-1770110101000", "direction": "in", "from": "493023125001", "#
        + #""to": "101", "user": "John Doe", "answeringNumber": "101" }"#
    private static func hangup(at time: String = "21", cause: String = "cancel") -> String {
        #"{ "at": \#(time), "event": "hangup", "callId": "3cx-322-1770110101000", "direction": "in", "from": "493023125001", "#
            + #""to": "101", "answeringNumber": "101", "cause": "\#(cause)" }"#
    }

    @Test("A passed fixture shows a tick, and its timeline where that is wanted")
    func showsTimeline() async throws {
        let report = try await FixtureFolder.report("legacy-inbound-missed")
        let title =
            "✓ legacy-inbound-missed (legacy): Extension 101 rings until the customer gives up: the helpdesk keeps a missed call."
        #expect(report.passed && report.differences.allSatisfy { $0.hasPrefix("  ") })
        #expect(report.text(showsTimeline: false) == title)
        let lines = report.text(showsTimeline: true).split(separator: "\n").map(String.init)
        #expect(lines.first == title)
        #expect(
            lines.contains(
                #"     21.000  → hangup callId="3cx-322-1770110101000" direction="in" from="493023125001" to="101" "#
                    + #"answeringNumber="101" cause="cancel""#))
    }

    @Test("A changed value is shown as the expected and the actual line")
    func showsChange() async throws {
        let report = try await FixtureFolder.report("legacy-inbound-missed") { $0[1].payload.cause = .forwarded }
        #expect(!report.passed)
        #expect(
            report.differences == [
                "- expected, + actual:", "  \(Self.newCall)", "- \(Self.hangup(cause: "forwarded"))",
                "+ \(Self.hangup())",
            ])
        #expect(report.text(showsTimeline: false).hasPrefix("✗ legacy-inbound-missed (legacy): "))
        #expect(report.text(showsTimeline: false).hasSuffix("  + \(Self.hangup())"))
    }

    @Test("A missing, a surplus and a late request are shown where they belong")
    func showsPlaces() async throws {
        let missing = try await FixtureFolder.report("legacy-inbound-missed") { $0.insert($0[0], at: 0) }
        #expect(
            missing.differences == [
                "- expected, + actual:", "  \(Self.newCall)", "- \(Self.newCall)", "  \(Self.hangup())",
            ])
        let surplus = try await FixtureFolder.report("legacy-inbound-missed") { $0.removeFirst() }
        #expect(surplus.differences == ["- expected, + actual:", "+ \(Self.newCall)", "  \(Self.hangup())"])
        let late = try await FixtureFolder.report("legacy-inbound-missed") { $0[1].at = 20_500 }
        #expect(!late.passed)
        #expect(late.differences.suffix(2) == ["- \(Self.hangup(at: "20.5"))", "+ \(Self.hangup())"])
        let none = try await FixtureFolder.report("legacy-inbound-missed") { $0 = [] }
        #expect(none.differences == ["- expected, + actual:", "+ \(Self.newCall)", "+ \(Self.hangup())"])
    }

    @Test("Events that never went out fail a fixture that expects each attempt")
    func countsUndelivered() async throws {
        var fixture = try FixtureFolder.load("legacy-inbound-missed")
        fixture.steps[0].zammad = ScriptedAnswer(fault: .refused)
        let result = try await FixtureFolder.replay(fixture)
        #expect(result.undelivered == 2)
        let report = SimulationReport(path: "a", fixture: fixture, result: result, expected: result.requests)
        #expect(!report.passed)
        #expect(report.text(showsTimeline: false).contains("2 events were not delivered in the end"))
    }

    // MARK: - JSON

    private struct Document: Decodable {
        struct Scenario: Decodable {
            struct Line: Decodable {
                var at: Double
                var kind: String
                var text: String
            }

            var file: String
            var name: String
            var source: String
            var passed: Bool
            var timeline: [Line]
            var requests: [ExpectedRequest]
            var expected: [ExpectedRequest]
            var differences: [String]
        }

        var passed: Int
        var failed: Int
        var scenarios: [Scenario]
    }

    @Test("The JSON output has the documented keys and no others, and reads back")
    func writesJSON() async throws {
        let good = try await FixtureFolder.report("legacy-inbound-missed")
        let bad = try await FixtureFolder.report("callcontrol-faults-in-mid-call") { $0.removeLast() }
        let text = try SimulationReport.json([good, bad])
        let document = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
        #expect(document.passed == 1 && document.failed == 1)
        #expect(document.scenarios.map(\.name) == ["legacy-inbound-missed", "callcontrol-faults-in-mid-call"])
        #expect(document.scenarios.map(\.source) == ["legacy", "callcontrol"])
        #expect(document.scenarios.map(\.passed) == [true, false])
        #expect(document.scenarios[0].file == "Fixtures/legacy-inbound-missed.json")
        #expect(document.scenarios[0].requests == document.scenarios[0].expected)
        #expect(document.scenarios[0].differences.isEmpty)
        #expect(document.scenarios[1].differences.first == "- expected, + actual:")
        #expect(document.scenarios[1].requests.count == document.scenarios[1].expected.count + 1)
        #expect(
            Set(document.scenarios[1].timeline.map(\.kind)) == ["decision", "request", "look_failed", "notice"])

        let raw = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(Set(raw.keys) == ["passed", "failed", "scenarios"])
        let scenario = try #require((raw["scenarios"] as? [[String: Any]])?.first)
        #expect(
            Set(scenario.keys) == [
                "file", "name", "source", "passed", "timeline", "requests", "expected", "differences",
            ])
        let request = try #require((scenario["requests"] as? [[String: Any]])?.first)
        #expect(request["callId"] as? String == request["call_id"] as? String)
        let line = try #require((scenario["timeline"] as? [[String: Any]])?.first)
        #expect(Set(line.keys) == ["at", "kind", "text"])
    }

    @Test("The JSON output for no fixtures is a document as well")
    func writesEmptyJSON() throws {
        let document = try JSONDecoder().decode(Document.self, from: Data(SimulationReport.json([]).utf8))
        #expect(document.passed == 0 && document.failed == 0 && document.scenarios.isEmpty)
    }
}
