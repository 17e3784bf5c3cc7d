import Domain

/// One thing that the bridge was told and has kept, in the order in which it was.
enum SeenEntry: Sendable {
    case polled(at: Instant, CallSnapshot)
    case pollFailed(at: Instant)
    case timePassed(at: Instant)
    /// A process went on from the journal.
    case resumed(at: Instant)

    var at: Instant {
        switch self {
        case .polled(let at, _), .pollFailed(let at), .timePassed(let at), .resumed(let at): at
        }
    }
}
