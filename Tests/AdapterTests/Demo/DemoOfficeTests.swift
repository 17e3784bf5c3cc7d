import Domain
import FoundationEssentials
import Testing

@testable import Adapters
@testable import Played

@Suite("The demo's office")
struct DemoOfficeTests {
    /// What the tests want of an answer to `GET /callcontrol`.
    private struct Station: Decodable {
        struct Participant: Decodable {
            let callid: Int64
            let dn: String
            let status: String
        }

        let participants: [Participant]
    }

    /// What the tests want of an answer to `GET /xapi/v1/ActiveCalls`.
    private struct ActiveCalls: Decodable {
        struct Row: Decodable {
            let id: Int64

            private enum CodingKeys: String, CodingKey {
                case id = "Id"
            }
        }

        let value: [Row]
    }

    private func body(_ change: DemoOffice.Change, _ request: String) throws -> Data {
        Data(try #require(change.answers[request]).body)
    }

    private func participants(_ change: DemoOffice.Change) throws -> [Station.Participant] {
        try JSONDecoder().decode([Station].self, from: body(change, "GET /callcontrol")).flatMap(\.participants)
    }

    private func play(seed: UInt64, changes: Int, _ body: (Int64, DemoOffice.Change) throws -> Void) throws {
        var office = DemoOffice(seed: seed)
        for _ in 0..<changes {
            let next = office.next { Instant(milliseconds: $0) }
            let (at, change) = try #require(next)
            try body(at, change)
        }
    }

    @Test("never rests, is never overrun, and nobody talks to two callers at once")
    func bounds() throws {
        var (most, busiest) = (0, 0)
        var before: Int64 = 0
        var ids: Set<Int64> = []
        try play(seed: 1, changes: 4_000) { at, change in
            #expect(at >= before && at - before < 60_000)
            before = at
            let participants = try participants(change)
            ids = Set(participants.map(\.callid))
            let rows = try JSONDecoder().decode(ActiveCalls.self, from: body(change, "GET /xapi/v1/ActiveCalls")).value
            #expect(ids == Set(rows.map(\.id)))
            let talking = participants.filter { $0.status == "Connected" && $0.dn.hasPrefix("10") }.map(\.dn)
            #expect(Set(talking).count == talking.count)
            most = max(most, ids.count)
            busiest = max(busiest, talking.count)
        }
        #expect((5...12).contains(most) && busiest > 3)
        // No call is as old as that.
        #expect((ids.max() ?? 0) - (ids.min() ?? 0) < 40)
    }

    @Test("takes back every answer that it gave about a participant")
    func participantsGo() throws {
        var there: Set<String> = []
        try play(seed: 3, changes: 2_000) { _, change in
            there.formUnion(change.answers.keys.filter { $0.contains("/participants/") })
            #expect(there.isSuperset(of: change.gone))
            there.subtract(change.gone)
            let expected = try participants(change).count
            #expect(there.count == expected, "\(there)")
        }
    }

    @Test("is the same for the same seed")
    func seed() throws {
        func played(_ seed: UInt64) throws -> [String] {
            var seen: [String] = []
            try play(seed: seed, changes: 300) { at, change in
                seen.append("\(at) \(String(decoding: try body(change, "GET /callcontrol"), as: UTF8.self))")
            }
            return seen
        }
        let first = try played(1)
        let (again, other) = (try played(1), try played(2))
        #expect(again == first && other != first)
    }
}
