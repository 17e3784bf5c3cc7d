/// The event sockets of a PBX of version 20 and what is done to them.
struct CallControlSocketState: Equatable, Sendable {
    struct Refusal: Equatable, Sendable {
        var status: Int
        /// How many more upgrades it hits; nil for all.
        var remaining: Int?
    }

    var open: [LoopbackSocket] = []
    /// Sockets opened so far.
    var opened = 0
    var access = CallControlPBXState.Access.allowed
    var refusal: Refusal?
    var answersPings = true
    var attachment = CallControlEvent.Attachment.nothing
    /// Every event is sent twice, each with its number.
    var duplicates = false
    /// Of every two events the second is sent first; both keep their numbers.
    var reordersPairs = false
    /// How much later than the state an event comes.
    var delay: Duration = .zero
    /// Sequence numbers that the next event passes over.
    var skipped: Int64 = 0
    /// The first of a pair, waiting for its second.
    var held: CallControlEvent?

    mutating func emit(_ event: CallControlEvent) throws {
        var events = [event]
        if reordersPairs {
            guard let first = held else {
                held = event
                return
            }
            held = nil
            events = [first, event]
        }
        for socket in open {
            try socket.send(
                events, reversed: events.count > 1, copies: duplicates ? 2 : 1, skipping: skipped, after: delay)
        }
        skipped = 0
    }

    /// The status of an upgrade that is refused.
    mutating func takeRefusal() -> Int? {
        guard let refusal else { return nil }
        if let remaining = refusal.remaining {
            self.refusal = remaining > 1 ? Refusal(status: refusal.status, remaining: remaining - 1) : nil
        }
        return refusal.status
    }
}
