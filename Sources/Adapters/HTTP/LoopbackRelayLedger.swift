import Synchronization

/// What the relays of a transport know of each of its requests: whether the server may have seen it, and why it failed.
final class LoopbackRelayLedger: Sendable {
    private struct Entry {
        var hasStarted = false
        var isAbandoned = false
        var failure: HTTPFailure?
    }

    private struct State {
        var next = 0
        var entries: [Int: Entry] = [:]
    }

    /// Part of every ticket, so that no other process of the machine can use a relay.
    private let nonce = String(UInt64.random(in: .min ... .max), radix: 16)
    private let state = Mutex(State())

    func open() -> Int {
        state.withLock { state in
            state.next += 1
            state.entries[state.next] = Entry()
            return state.next
        }
    }

    func close(_ number: Int) {
        state.withLock { _ = $0.entries.removeValue(forKey: number) }
    }

    func ticket(_ number: Int) -> String { "\(nonce)-\(number)" }

    func number(ofTicket ticket: String?) -> Int? {
        guard let ticket, ticket.hasPrefix(nonce + "-"), let number = Int(ticket.dropFirst(nonce.count + 1)) else {
            return nil
        }
        return state.withLock { $0.entries[number] != nil } ? number : nil
    }

    /// To be asked before anything of a request goes to the server; `false` if nothing may go any more.
    func start(_ number: Int) -> Bool {
        state.withLock { state in
            guard let entry = state.entries[number], !entry.isAbandoned else { return false }
            state.entries[number]?.hasStarted = true
            return true
        }
    }

    /// Keeps a request that has not started from ever doing so, which makes "not sent" a certainty.
    /// - Returns: whether it had started, and may go on.
    func abandonUnlessStarted(_ number: Int) -> Bool {
        state.withLock { state in
            guard let entry = state.entries[number] else { return true }
            if !entry.hasStarted { state.entries[number]?.isAbandoned = true }
            return entry.hasStarted
        }
    }

    func hasStarted(_ number: Int) -> Bool {
        state.withLock { $0.entries[number]?.hasStarted ?? true }
    }

    func fail(_ number: Int, _ failure: HTTPFailure) {
        state.withLock { $0.entries[number]?.failure = failure }
    }

    func failure(_ number: Int) -> HTTPFailure? {
        state.withLock { $0.entries[number]?.failure }
    }
}
