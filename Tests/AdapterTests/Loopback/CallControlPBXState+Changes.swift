import Adapters

/// Changes of the calls, each followed by its event.
extension CallControlPBXState {
    /// Adds the participant to its DN, or replaces the one of that id; a DN that is not there becomes an extension.
    mutating func upsert(_ participant: CallControlParticipant) throws {
        changeDNs { dns in
            let index = dns.firstIndex { $0.dn == participant.dn } ?? dns.endIndex
            if index == dns.endIndex { dns.append(CallControlDN(dn: participant.dn)) }
            if let known = dns[index].participants.firstIndex(where: { $0.id == participant.id }) {
                dns[index].participants[known] = participant
            } else {
                dns[index].participants.append(participant)
            }
        }
        try sockets.emit(
            CallControlEvent(
                type: CallControlEvent.upsert, entity: CallControlEvent.entity(participant.dn, participant.id),
                attached: sockets.attachment.json(of: participant)))
    }

    mutating func removeParticipant(_ id: Int64, of dn: String) throws {
        changeDNs { dns in
            guard let index = dns.firstIndex(where: { $0.dn == dn }) else { return }
            dns[index].participants.removeAll { $0.id == id }
        }
        try sockets.emit(
            CallControlEvent(type: CallControlEvent.remove, entity: CallControlEvent.entity(dn, id)))
    }

    private mutating func changeDNs(_ change: (inout [CallControlDN]) -> Void) {
        var dns: [CallControlDN] = []
        if case .dns(let known) = answer { dns = known }
        change(&dns)
        answer = .dns(dns)
    }
}
