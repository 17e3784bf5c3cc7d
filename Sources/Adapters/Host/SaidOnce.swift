import Ports

/// Collects notices and lets each text pass only once, since a poll comes twice a second.
struct SaidOnce: Sendable {
    private var said: Set<Notice> = []
    private var pending: [Notice] = []

    mutating func add(_ notice: Notice) {
        // Texts can come from the PBX: past the limit the memory starts anew rather than grow for ever.
        if said.count >= 1000 { said = [] }
        if said.insert(notice).inserted { pending.append(notice) }
    }

    mutating func take() -> [Notice] {
        defer { pending = [] }
        return pending
    }
}
