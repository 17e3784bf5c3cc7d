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
        try emitUpsert(of: participant)
    }

    mutating func removeParticipant(_ id: Int64, of dn: String) throws {
        changeDNs { dns in
            guard let index = dns.firstIndex(where: { $0.dn == dn }) else { return }
            dns[index].participants.removeAll { $0.id == id }
        }
        try sockets.emit(
            CallControlEvent(type: CallControlEvent.remove, entity: CallControlEvent.entity(dn, id)))
    }

    /// Ends a call as a whole.
    mutating func removeCall(_ id: Int64) throws {
        xapi.activeCalls?.removeAll { $0.id == id }
        guard case .dns(let dns) = answer else { return }
        for participant in dns.flatMap(\.participants) where participant.callID == id {
            try removeParticipant(participant.id, of: participant.dn)
        }
    }

    /// Makes these the DNs, then tells of every participant that went, came or changed.
    mutating func replaceDNs(_ dns: [CallControlDN]) throws {
        var before: [CallControlDN] = []
        if case .dns(let known) = answer { before = known }
        answer = .dns(dns)
        let now = dns.flatMap(\.participants)
        let old = before.flatMap(\.participants)
        for gone in old where !now.contains(where: { $0.dn == gone.dn && $0.id == gone.id }) {
            try sockets.emit(
                CallControlEvent(type: CallControlEvent.remove, entity: CallControlEvent.entity(gone.dn, gone.id)))
        }
        for participant in now where !old.contains(participant) { try emitUpsert(of: participant) }
    }

    private mutating func emitUpsert(of participant: CallControlParticipant) throws {
        try sockets.emit(
            CallControlEvent(
                type: CallControlEvent.upsert, entity: CallControlEvent.entity(participant.dn, participant.id),
                attached: sockets.attachment.json(of: participant)))
    }

    private mutating func changeDNs(_ change: (inout [CallControlDN]) -> Void) {
        var dns: [CallControlDN] = []
        if case .dns(let known) = answer { dns = known }
        change(&dns)
        answer = .dns(dns)
    }
}
