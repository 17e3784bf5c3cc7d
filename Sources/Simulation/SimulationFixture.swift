import Adapters
import Domain
import Wire

/// What the simulated 3CX showed in one run, as a fixture: the way from a failing seed to a scenario that can be read,
/// cut and kept.
///
/// It holds the polls, failed and incomplete ones included, as the web administration of a 3CX before v20 would have
/// answered; what went wrong on the way to Zammad, on the disk and in the process is not part of it.
package struct SimulationFixture: Sendable {
    private let result: SimulationResult

    package init(_ result: SimulationResult) {
        self.result = result
    }

    /// The file, with no expectation yet.
    package func text() -> String {
        let seed = result.configuration.seed
        let fields: [(String, JSONValue)] = [
            ("name", .string("seed-\(seed)")),
            ("description", .string("What 3CX showed in the world of seed \(seed).")),
            ("source", "legacy"),
            ("config", config),
            ("setup", Self.setup),
        ]
        var lines = fields.map { "  \(FixtureJSON.literal($0)): \($1.text)," }
        let steps = result.polls.map { poll in
            "    { \"at\": \(Seconds.text(poll.at)), \"answers\": \(Self.answers(poll).text) }"
        }
        lines += ["  \"steps\": [", steps.joined(separator: ",\n"), "  ],", "  \"expect\": []"]
        return "{\n" + lines.joined(separator: "\n") + "\n}\n"
    }

    private var config: JSONValue {
        let grace = result.listsLegs ? result.calls.legGrace : result.calls.grace
        return [
            "Bridge": [
                "transfers": .string(result.calls.transfers.rawValue),
                "hangup_grace": .fraction(Double(grace.milliseconds) / 1000),
            ],
            "3CX": [
                "group": "Support", "queue_extension": 800, "extension_digits": 3, "trunk_digits": 5,
                "country_prefix": .string(result.calls.numbers.countryPrefix ?? "49"),
                "number_format": .string(result.calls.numbers.format.rawValue),
            ],
            "Zammad": [
                "log_missed_queue_calls": .bool(result.calls.helpdesk(.default).logMissedQueueCalls)
            ],
        ]
    }

    private static let setup: JSONValue = {
        let members = (101...104).map { dn -> JSONValue in
            [
                "Number": ["_value": .string("\(dn)")], "FirstName": ["_value": "Agent"],
                "LastName": ["_value": .string("\(dn)")],
            ]
        }
        func list(_ rows: JSONValue...) -> JSONValue { ["json": ["list": .array(rows)]] }
        return [
            "GET /api/GroupList": list(["Id": 41, "Name": "Support"]),
            "POST /api/GroupList/set": [
                "json": ["Id": 7, "ActiveObject": ["Members": ["selected": .array(members), "count": 4]]]
            ],
            "GET /api/TrunkList": list(["Number": "10001", "Name": "SIP-Trunk"]),
            "GET /api/QueueList": list(["Number": "800", "Name": "Support"]),
            "GET /api/RingGroupList": list(["Number": "810", "Name": "Sales"]),
            "GET /api/IVRList": list(["Number": "820", "Name": "Menu"]),
        ]
    }()

    private static func answers(_ poll: SimulationResult.Poll) -> JSONValue {
        guard let snapshot = poll.snapshot else { return ["GET /api/activeCalls": ["status": 500]] }
        var rows = snapshot.calls.flatMap(rows)
        if !snapshot.isComplete { rows.append(["Id": nil]) }
        return ["GET /api/activeCalls": ["json": ["list": .array(rows)]]]
    }

    /// A row a leg, all with the id of the call: 3CX has been seen to list one call so, and it is read as one.
    private static func rows(_ call: ObservedCall) -> [JSONValue] {
        let outside = "10001 SIP-Trunk (\(call.external?.number ?? "anonymous"))"
        func row(_ caller: String, _ callee: String, _ state: LegState) -> JSONValue {
            [
                "Id": .string(call.id.text), "Caller": .string(caller), "Callee": .string(callee),
                "Status": .string(status(state)),
            ]
        }
        switch call.direction {
        case .inbound:
            return call.legs.isEmpty
                ? [row(outside, "", .other)] : call.legs.map { row(outside, text($0), $0.state) }
        case .outbound: return call.legs.map { row(text($0), outside, $0.state) }
        case .internal:
            return [row(call.legs.first.map(text) ?? "", call.legs.dropFirst().first.map(text) ?? "", .connected)]
        case nil: return [row("", call.legs.first.map(text) ?? "", call.legs.first?.state ?? .other)]
        }
    }

    private static func text(_ leg: CallLeg) -> String {
        // Parking places have no plain digits in 3CX, and no text form that anybody has seen.
        let dn = leg.role == .other ? "2001" : leg.dn
        return leg.name.map { "\(dn) \($0)" } ?? dn
    }

    private static func status(_ state: LegState) -> String {
        switch state {
        case .connected: "Talking"
        case .ringing, .dialing: "Routing"
        case .transferring: "Transferring"
        case .other: "Unknown"
        }
    }
}
