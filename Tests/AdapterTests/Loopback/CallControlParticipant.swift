import Adapters

/// A participant as `GET /callcontrol` shows it: always all keys, empty text or `None` where nothing is set.
struct CallControlParticipant: Equatable, Sendable {
    var id: Int64
    var status = "Ringing"
    var dn: String
    var partyCallerName = ""
    var partyDN = ""
    var partyCallerID = ""
    var partyDID = ""
    var deviceID = ""
    var partyDNType = "None"
    var directControl = false
    var originatedByDN = ""
    var originatedByType = "None"
    var referredByDN = ""
    var referredByType = "None"
    var onBehalfOfDN = ""
    var onBehalfOfType = "None"
    var callID: Int64
    var legID: Int64 = 1

    /// A call from outside that reaches `dn` through the trunk 10001.
    static func inbound(
        id: Int64,
        callID: Int64,
        dn: String,
        from number: String,
        name: String = "",
        status: String = "Ringing"
    ) -> CallControlParticipant {
        CallControlParticipant(
            id: id, status: status, dn: dn, partyCallerName: name, partyDN: "10001", partyCallerID: number,
            deviceID: "sip:\(dn)@127.0.0.1:5483;rinstance=c2a75fd2f1caea71", partyDNType: "Wexternalline",
            originatedByDN: "ROUTER", originatedByType: "Wroutepoint", callID: callID, legID: 4)
    }

    /// A call that `dn` places to the outside through the trunk 10001.
    static func outbound(
        id: Int64,
        callID: Int64,
        dn: String,
        to number: String,
        status: String = "Dialing"
    ) -> CallControlParticipant {
        CallControlParticipant(
            id: id, status: status, dn: dn, partyDN: "10001", partyCallerID: number,
            deviceID: "sip:\(dn)@127.0.0.1:5063", partyDNType: "Wexternalline", callID: callID)
    }

    /// A call between two extensions, as `dn` sees it.
    static func `internal`(
        id: Int64,
        callID: Int64,
        dn: String,
        with other: String,
        status: String = "Ringing",
        legID: Int64 = 2
    ) -> CallControlParticipant {
        CallControlParticipant(
            id: id, status: status, dn: dn, partyDN: other, partyCallerID: other,
            deviceID: "sip:\(dn)@127.0.0.1:5063", partyDNType: "Wextension", callID: callID, legID: legID)
    }

    var json: LoopbackJSON {
        [
            "id": .integer(id), "status": .string(status), "dn": .string(dn),
            "party_caller_name": .string(partyCallerName), "party_dn": .string(partyDN),
            "party_caller_id": .string(partyCallerID), "party_did": .string(partyDID),
            "device_id": .string(deviceID), "party_dn_type": .string(partyDNType),
            "direct_control": .bool(directControl), "originated_by_dn": .string(originatedByDN),
            "originated_by_type": .string(originatedByType), "referred_by_dn": .string(referredByDN),
            "referred_by_type": .string(referredByType), "on_behalf_of_dn": .string(onBehalfOfDN),
            "on_behalf_of_type": .string(onBehalfOfType), "callid": .integer(callID), "legid": .integer(legID),
        ]
    }
}
