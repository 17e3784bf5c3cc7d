import Domain

/// All that was kept of a session. `began`, `ended` and `order` count all that begins and ends, since times alone do
/// not tell what came first.
struct Recording: Sendable {
    var polls: [Poll] = []
    var exchanges: [Exchange] = []
    var pushes: [Push] = []
    /// By the numbers in the exchanges.
    var answers: [RecordedAnswer] = []

    struct Poll: Sendable {
        var id: Int
        var began: Int
        var ended: Int
        var beganAt: Instant
        var endedAt: Instant
        var hasFailed: Bool
    }

    struct Exchange: Sendable {
        var key: String
        /// The same number stands for the same answer.
        var answer: Int
        var began: Int
        var beganAt: Instant
        /// The poll that asked; `nil` for what an event made necessary.
        var poll: Int?
    }

    /// What the event socket brought, or that it opened or ended.
    struct Push: Sendable {
        enum What: Sendable {
            case frame([UInt8])
            case socket(isOpen: Bool)
        }

        var order: Int
        var at: Instant
        var what: What
    }
}
