import Domain
import FoundationEssentials
import Testing

@testable import Adapters

@Suite("The demo's office")
struct DemoOfficeTests {
    /// Plays so many changes, and returns each with the whole state of the phone system after it.
    private func play(seed: UInt64 = 1, changes: Int) throws -> [(at: Int64, stations: JSONValue, rows: JSONValue)] {
        var office = DemoOffice(seed: seed)
        return try (0..<changes).map { _ in
            let next = office.next { Instant(milliseconds: $0) }
            let (at, change) = try #require(next)
            return (
                at, try JSONValue(change.answers["GET /callcontrol"]),
                try JSONValue(change.answers["GET /xapi/v1/ActiveCalls"])
            )
        }
    }

    private func participants(_ stations: JSONValue) -> [JSONValue] {
        (stations.elements ?? []).flatMap { $0["participants"]?.elements ?? [] }
    }

    @Test("never rests, is never overrun, and nobody talks to two callers at once")
    func bounds() throws {
        var (most, busiest) = (0, 0)
        var before: Int64 = 0
        for (at, stations, rows) in try play(changes: 4_000) {
            #expect(at >= before && at - before < 60_000)
            before = at
            let calls = Set(participants(stations).compactMap { $0["callid"]?.integer })
            #expect(calls == Set(rows["value"]?.elements?.compactMap { $0["Id"]?.integer } ?? []))
            let talking = participants(stations).filter { $0["status"] == "Connected" }.compactMap { $0["dn"]?.string }
                .filter { $0.hasPrefix("10") }
            #expect(Set(talking).count == talking.count)
            most = max(most, calls.count)
            busiest = max(busiest, talking.count)
        }
        #expect((5...12).contains(most) && busiest > 3)
        // No call is as old as that.
        let last = try #require(try play(changes: 4_000).last)
        let ids = participants(last.stations).compactMap { $0["callid"]?.integer }
        #expect((ids.max() ?? 0) - (ids.min() ?? 0) < 40)
    }

    @Test("takes back every answer that it gave about a participant")
    func participantsGo() throws {
        var office = DemoOffice(seed: 3)
        var there: Set<String> = []
        for _ in 0..<2_000 {
            let next = office.next { Instant(milliseconds: $0) }
            let (_, change) = try #require(next)
            there.formUnion(change.answers.keys.filter { $0.contains("/participants/") })
            #expect(there.isSuperset(of: change.gone))
            there.subtract(change.gone)
            #expect(
                there.count == participants(try JSONValue(change.answers["GET /callcontrol"])).count,
                "\(there)")
        }
    }

    @Test("is the same for the same seed")
    func seed() throws {
        let (first, second) = (try play(changes: 300), try play(changes: 300))
        #expect(first.map(\.at) == second.map(\.at) && first.map(\.stations) == second.map(\.stations))
        #expect(try play(seed: 2, changes: 300).map(\.at) != first.map(\.at))
    }
}

extension JSONValue {
    fileprivate init(_ answer: ScriptedAnswer?) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: Data(try #require(answer).body))
    }
}
