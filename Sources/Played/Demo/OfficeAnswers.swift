import Adapters
import Domain
import Wire

/// What the 3CX of the demo's office answers, in the shapes of 20.0.
enum OfficeAnswers {
    static func path(of leg: OfficeCall.Leg) -> String { "/callcontrol/\(leg.dn)/participants/\(leg.id)" }

    static func json(_ value: JSONValue) -> ScriptedAnswer { ScriptedAnswer(body: value.bytes) }

    // MARK: - Call control

    static func stations(_ calls: [OfficeCall]) -> JSONValue {
        let kinds =
            OfficeDirectory.agents.map { ($0.dn, "Wextension") } + OfficeDirectory.queues.map { ($0.dn, "Wqueue") }
            + [(OfficeDirectory.voicemail, "Wspecialmenu")]
        return .array(
            kinds.map { dn, type in
                let participants = calls.flatMap { call in
                    call.legs.filter { $0.dn == dn }.map { participant($0, call) }
                }
                return ["dn": .string(dn), "type": .string(type), "devices": [], "participants": .array(participants)]
            })
    }

    static func participant(_ leg: OfficeCall.Leg, _ call: OfficeCall) -> JSONValue {
        var fields: [String: JSONValue] = [
            "id": .integer(leg.id), "status": .string(leg.status), "dn": .string(leg.dn),
            "party_caller_name": .string(call.party.name ?? ""), "party_dn": .string(OfficeDirectory.trunk),
            "party_caller_id": .string(call.party.number), "party_did": "", "device_id": "",
            "party_dn_type": "Wexternalline", "direct_control": false, "originated_by_dn": "ROUTER",
            "originated_by_type": "Wroutepoint", "referred_by_dn": "", "referred_by_type": "None",
            "on_behalf_of_dn": "",
            "on_behalf_of_type": "None", "callid": .integer(call.id), "legid": .integer(leg.number),
        ]
        if let queue = leg.queue {
            fields["originated_by_dn"] = .string(queue)
            fields["originated_by_type"] = "Wqueue"
        }
        if call.isOutbound {
            fields["originated_by_dn"] = ""
            fields["originated_by_type"] = "None"
        }
        if let colleague = leg.colleague {
            fields["party_dn"] = .string(colleague)
            fields["party_caller_id"] = .string(colleague)
            fields["party_caller_name"] = .string(name(of: colleague))
            fields["party_dn_type"] = "Wextension"
            fields["originated_by_dn"] = ""
            fields["originated_by_type"] = "None"
        }
        return .object(fields)
    }

    // MARK: - XAPI

    static func rows(_ calls: [OfficeCall], now: Instant) -> JSONValue {
        list(
            calls.compactMap { call in
                guard let leg = call.legs.last else { return nil }
                let outside = "\(OfficeDirectory.trunk) SIP-Trunk (\(call.party.number))"
                let (caller, callee) =
                    leg.colleague.map { (label($0), label(leg.dn)) }
                    ?? (call.isOutbound ? (label(leg.dn), outside) : (outside, label(leg.dn)))
                let isTalking = leg.status == "Connected"
                return [
                    "Id": .integer(call.id), "Caller": .string(caller), "Callee": .string(callee),
                    "Status": .string(isTalking ? "Talking" : leg.status == "Dialing" ? "Routing" : "Ringing"),
                    "ServerNow": .string(TimeText.precise(now)),
                ]
            })
    }

    /// Groups, queues, trunks and users, which do not change.
    static let directory: [String: ScriptedAnswer] = {
        let agents = OfficeDirectory.agents.enumerated().map { index, agent -> JSONValue in
            [
                "Id": .integer(Int64(index + 1)), "Number": .string(agent.dn), "FirstName": .string(agent.firstName),
                "LastName": .string(agent.lastName), "Type": "Extension",
            ]
        }
        let queues = OfficeDirectory.queues.enumerated().map { index, queue -> JSONValue in
            [
                "Id": .integer(Int64(index + 51)), "Number": .string(queue.dn), "Name": .string(queue.name),
                "Type": "Queue",
            ]
        }
        var answers: [String: JSONValue] = [
            "Users": list(agents), "Queues": list(queues), "RingGroups": list([]), "Peers": list(agents + queues),
            "Trunks": list([["Id": 91, "Number": .string(OfficeDirectory.trunk), "Type": "ExternalLine"]]),
            "Groups": list([["Id": 7, "Name": .string(group), "Number": "GRP0001"]]),
            "Groups(7)/Members": list(agents + queues), "Defs/Pbx.GetSystemParameters()": ["ENL": "3"],
        ]
        for (index, queue) in OfficeDirectory.queues.enumerated() {
            let members = zip(OfficeDirectory.agents, agents).filter { $0.0.queue == queue.dn }.map(\.1)
            answers["Queues(\(index + 51))/Agents"] = list(members)
        }
        return Dictionary(uniqueKeysWithValues: answers.map { ("GET /xapi/v1/\($0.key)", json($0.value)) })
    }()

    static let group = "Office"

    private static func list(_ rows: [JSONValue]) -> JSONValue { ["value": .array(rows)] }

    /// As XAPI writes a DN in a row.
    private static func label(_ dn: String) -> String {
        if let agent = OfficeDirectory.agents.first(where: { $0.dn == dn }) {
            return "\(dn) \(agent.lastName), \(agent.firstName)"
        }
        return "\(dn) \(name(of: dn))"
    }

    private static func name(of dn: String) -> String {
        if let agent = OfficeDirectory.agents.first(where: { $0.dn == dn }) {
            return "\(agent.firstName) \(agent.lastName)"
        }
        return OfficeDirectory.queues.first { $0.dn == dn }?.name ?? "Voice Mail"
    }
}
