import Adapters
import FoundationEssentials

/// What `simulate` does with a fixture, from its text to the requests.
enum ReplayMeasurement {
    private static let (calls, polls) = (500, 200)

    static func rows() async throws -> [Row] {
        let fixture = try JSONDecoder().decode(Fixture.self, from: Data(text.utf8))
        let run = try await Timing.of {
            var replay = try FixtureReplay(fixture)
            let result = await replay.run()
            precondition(result.requests.count > calls)
        }
        return [
            .rate(
                "simulate: observed calls, of which one in 100 changes with each poll", "calls",
                target: .atLeast(200_000), of: calls * polls, run)
        ]
    }

    private static var text: String {
        var answered = Set<Int>()
        let steps = (0..<polls).map { poll in
            for place in 0..<(calls / 100) { answered.insert((poll * 5 + place) % calls) }
            let rows = (0..<calls).map {
                #"{"Id":\#(1000 + $0),"Caller":"10001 SIP-Trunk (+4930\#(1_000_000 + $0))","Callee":"101 John Doe","Status":"\#(answered.contains($0) ? "Talking" : "Ringing")"}"#
            }
            return
                #"{"at":\#(Double(poll) / 2),"answers":{"GET /api/activeCalls":{"json":{"list":[\#(rows.joined(separator: ","))]}}}}"#
        }
        return #"""
            {"name":"bench","description":"many calls","source":"legacy",
             "config":{"3CX":{"group":"Support","extension_digits":3,"trunk_digits":5}},
             "setup":{"POST /api/login":{"text":"AuthSuccess","content_type":"text/plain"},
              "GET /api/GroupList":{"json":{"list":[{"Id":"1","Name":"Support"}]}},
              "POST /api/GroupList/set":{"json":{"Id":"1","ActiveObject":{"Members":{"selected":[{"Number":{"_value":"101"}}],"count":1}}}}},
             "steps":[\#(steps.joined(separator: ","))]}
            """#
    }
}
