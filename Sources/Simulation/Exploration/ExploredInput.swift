import Domain

/// What can happen to the core, with all that makes no difference left out.
enum ExploredInput: Hashable, Sendable {
    /// What a poll shows of one call.
    enum Sighting: CaseIterable, Hashable, Sendable {
        case absent
        /// No external party takes part.
        case ignored
        case waiting
        /// An outgoing call that shows no line yet.
        case dialled
        case ringing
        case first
        case second
        /// The second agent, and the outside party the other way round.
        case turned
        case voicemail
        /// The id is another call's now.
        case another
    }

    /// How a request to Zammad ends.
    enum Reply: CaseIterable, Hashable, Sendable {
        case taken
        case rejected
        case alreadyKnown
        case failed
        case down
        case unknownCall
        case misconfigured
        case refused
        case ambiguous

        var outcome: DeliveryOutcome {
            switch self {
            case .taken: .delivered(.plain)
            case .rejected: .delivered(.reject(reason: ""))
            case .alreadyKnown: .alreadyKnown
            case .failed: .retry("", scope: .event)
            case .down: .retry("", scope: .zammad)
            case .unknownCall: .unknownCall("")
            case .misconfigured: .misconfigured("")
            case .refused: .refused("")
            case .ambiguous: .ambiguous("")
            }
        }
    }

    /// One for each call.
    case polled([Sighting])
    /// A poll that shows none of them, and confirms that they are over.
    case confirmedGone
    /// A poll in which a row could not be read: a call that it does not show may be there.
    case polledInPart([Sighting])
    case pollFailed
    /// Of the attempt that has begun first, or of the one after it.
    case replied(Reply, attempt: Int)
    /// Until the core wants to hear of it.
    case timePassed
    /// The process is killed and starts again from the journal.
    case restarted
}
