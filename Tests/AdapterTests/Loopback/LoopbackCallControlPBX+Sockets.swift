import Adapters

/// Calls that change with events, and what happens to the event sockets.
extension LoopbackCallControlPBX {
    /// Changes the state, then tells all open sockets. `setDNs` changes it without an event.
    func upsert(_ participant: CallControlParticipant) async throws {
        try await state.update { try $0.upsert(participant) }
    }

    /// `setDNs` with the events of all differences.
    func replaceDNs(_ dns: [CallControlDN]) async throws {
        try await state.update { try $0.replaceDNs(dns) }
    }

    func removeParticipant(_ id: Int64, of dn: String) async throws {
        try await state.update { try $0.removeParticipant(id, of: dn) }
    }

    /// Several changes at once: no request is answered between them.
    func change(_ change: @Sendable (inout CallControlPBXState) throws -> Void) async rethrows {
        try await state.update(change)
    }

    /// An event that no change stands behind.
    func emit(_ event: CallControlEvent) async throws {
        try await state.update { try $0.sockets.emit(event) }
    }

    /// Sends this text to all open sockets as it is, without a number.
    func sendToSockets(raw text: String) async {
        for socket in await state.value.sockets.open { socket.send(text: text) }
    }

    /// Ends all open sockets: with a Close frame of that code, or for nil by closing the connections.
    func dropSockets(code: UInt16? = nil) async {
        for socket in await state.value.sockets.open { socket.end(code: code) }
    }

    /// Answers the next `count` upgrades, or all (nil), with this status; a new call replaces the one before.
    func refuseSockets(_ status: Int, next count: Int? = nil) async {
        await state.update { $0.sockets.refusal = .init(status: status, remaining: count) }
    }

    func acceptSockets() async {
        await state.update { $0.sockets.refusal = nil }
    }

    /// Waits until so many sockets are open.
    func waitForOpenSockets(_ count: Int, deadline: Duration = .seconds(30)) async throws {
        try await state.wait(for: "\(count) open sockets", within: deadline) { $0.sockets.open.count == count }
    }

    /// Waits until so many sockets have been opened in all.
    func waitForSockets(total count: Int, deadline: Duration = .seconds(30)) async throws {
        try await state.wait(for: "\(count) sockets", within: deadline) { $0.sockets.opened >= count }
    }
}
