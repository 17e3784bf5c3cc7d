import Adapters

/// A row of `/xapi/v1/ActiveCalls`.
struct LoopbackActiveCall: Equatable, Sendable {
    var id: Int64
    var caller: String
    var callee: String
    var status: String
    var lastChangeStatus: String? = "2026-02-03T09:15:00.912003Z"
    var establishedAt: String?
    var serverNow: String? = "2026-02-03T09:15:01.330411Z"

    var json: LoopbackJSON {
        [
            "Id": .integer(id), "Caller": .string(caller), "Callee": .string(callee), "Status": .string(status),
            "LastChangeStatus": lastChangeStatus.map(LoopbackJSON.string) ?? .null,
            "EstablishedAt": establishedAt.map(LoopbackJSON.string) ?? .null,
            "ServerNow": serverNow.map(LoopbackJSON.string) ?? .null,
        ]
    }
}

extension CallControlPBXState {
    /// One row a call, made of what its participants know; the best known leg of an extension speaks for the callee.
    var derivedActiveCalls: [LoopbackActiveCall] {
        guard case .dns(let dns) = answer else { return [] }
        var calls: [Int64: [(participant: CallControlParticipant, type: String)]] = [:]
        for dn in dns {
            for participant in dn.participants { calls[participant.callID, default: []].append((participant, dn.type)) }
        }
        return calls.sorted { $0.key < $1.key }.compactMap { id, legs in
            let agents = legs.filter { $0.type == "Wextension" }.map(\.participant)
            guard
                let main = agents.first(where: { $0.status == "Connected" }) ?? agents.first ?? legs.first?.participant
            else { return nil }
            let own = text(of: main.dn)
            let other = otherSide(of: main)
            let isPlacing = main.status == "Dialing" || main.originatedByDN.isEmpty && main.legID == 1
            let isQueued = main.originatedByType == "Wqueue" || legs.contains { $0.type == "Wqueue" }
            let status =
                switch main.status {
                case "Connected": "Talking"
                case "Ringing" where !isQueued: "Ringing"
                default: "Routing"
                }
            return LoopbackActiveCall(
                id: id, caller: isPlacing ? own : other, callee: isPlacing ? other : own, status: status,
                establishedAt: main.status == "Connected" ? "2026-02-03T09:15:00.912003Z" : nil)
        }
    }

    private func otherSide(of participant: CallControlParticipant) -> String {
        guard participant.partyDNType == "Wexternalline" else { return text(of: participant.partyDN) }
        let number = participant.partyCallerID.isEmpty ? "" : " (\(participant.partyCallerID))"
        return "\(participant.partyDN) SIP-Trunk\(number)"
    }

    private func text(of dn: String) -> String { xapi.name(of: dn).map { "\(dn) \($0)" } ?? dn }
}
