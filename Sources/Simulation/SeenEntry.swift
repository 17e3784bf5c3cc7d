import Domain

/// One thing that the bridge was told and has kept, in the order in which it was.
enum SeenEntry: Sendable {
    case looked(at: Instant, CallSnapshot)
    case lookFailed(at: Instant)
    case timePassed(at: Instant)
    /// A process went on from the journal.
    case resumed(at: Instant)

    var at: Instant {
        switch self {
        case .looked(let at, _), .lookFailed(let at), .timePassed(let at), .resumed(let at): at
        }
    }
}
