import Domain

/// One thing that happened in a recorded session. `order` counts all that begins and ends, since times alone do not
/// tell what came first.
enum RecordedEntry: Sendable {
    case poll(Poll)
    case exchange(Exchange)
    case frame(Frame)
    case socket(Socket)

    struct Poll: Equatable, Sendable {
        var id: Int
        var began: Int
        var ended: Int
        var beganAt: Instant
        var endedAt: Instant
        var hasFailed: Bool
    }

    struct Exchange: Equatable, Sendable {
        var key: String
        /// The same number stands for the same answer.
        var answer: Int
        var began: Int
        var beganAt: Instant
        /// The poll that asked; `nil` for what an event made necessary.
        var poll: Int?
    }

    struct Frame: Equatable, Sendable {
        var order: Int
        var at: Instant
        var message: [UInt8]
    }

    struct Socket: Equatable, Sendable {
        var order: Int
        var at: Instant
        var isOpen: Bool
    }
}
