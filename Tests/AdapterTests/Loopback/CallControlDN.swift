import Adapters

/// A DN as `GET /callcontrol` shows it.
struct CallControlDN: Equatable, Sendable {
    var dn: String
    /// `Wextension`, `Wqueue`, `Wivr`, `Wroutepoint`, `Wparkextension`, `Wspecialmenu` were seen.
    var type = "Wextension"
    var participants: [CallControlParticipant] = []

    var json: LoopbackJSON {
        let devices: LoopbackJSON =
            type == "Wextension"
            ? [
                [
                    "dn": .string(dn), "device_id": .string("sip:\(dn)@192.0.2.31:5065"),
                    "user_agent": "yealink SIP-T54W 96.86.0.70",
                ]
            ] : []
        return [
            "dn": .string(dn), "type": .string(type), "devices": devices,
            "participants": .array(participants.map(\.json)),
        ]
    }
}
