import Domain

/// One thing that the bridge was told and has kept, in the order in which it was.
enum SeenEntry: Sendable {
    case looked(at: Instant, CallSnapshot)
    case lookFailed(at: Instant)
    case timePassed(at: Instant)
    /// A process went on from the journal.
    case resumed(at: Instant)
}
