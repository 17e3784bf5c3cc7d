/// What came of one attempt to deliver an event, in the terms in which the queue decides how to go on.
package enum DeliveryOutcome: Hashable, Sendable, Codable {
    /// Zammad has taken the event.
    case delivered(Reply)
    /// Zammad had this `newCall` already, which is as good as delivered.
    case alreadyKnown
    /// Not taken, and sending it again does no harm.
    case retry(String, scope: RetryScope, after: Duration? = nil)
    /// An answer or hangup failed in a way that most likely means that Zammad does not know the call.
    case unknownCall(String)
    /// Zammad would refuse every event like this: wrong token, wrong address, feature switched off.
    case misconfigured(String)
    /// Zammad refuses this one event.
    case refused(String)
    /// The event may or may not have been taken.
    case ambiguous(String)
    /// Of a look-up: Zammad knows the call and does not have its hangup.
    case notStored(String)
    /// Of a look-up: Zammad does not say whether it has the hangup, and will not.
    case unverifiable(String)

    /// What Zammad wants to be done with the call.
    package enum Reply: Hashable, Sendable, Codable {
        case plain
        /// The caller is on the block list; the row exists and would ring until a hangup comes.
        case reject(reason: String)
        /// The caller id that Zammad would have the PBX use; the bridge does not place calls.
        case dial(callerID: String)
    }

    /// Whom a failure is likely to concern.
    package enum RetryScope: String, Hashable, Sendable, Codable {
        case event
        /// All events: the server is unreachable or overloaded.
        case zammad
    }

    /// The class's name, as the log shows it.
    package var name: String {
        switch self {
        case .delivered: "delivered"
        case .alreadyKnown: "already known"
        case .retry: "retry"
        case .unknownCall: "unknown call"
        case .misconfigured: "misconfigured"
        case .refused: "refused"
        case .ambiguous: "ambiguous"
        case .notStored: "not stored"
        case .unverifiable: "unverifiable"
        }
    }

    /// All that `name` can be.
    package static let allNames = [
        "delivered", "already known", "retry", "unknown call", "misconfigured", "refused", "ambiguous",
        "not stored", "unverifiable",
    ]

    /// What happened, for a person; `nil` where all is well.
    package var reason: String? {
        switch self {
        case .delivered, .alreadyKnown: nil
        case .retry(let reason, _, _), .unknownCall(let reason), .misconfigured(let reason), .refused(let reason),
            .ambiguous(let reason), .notStored(let reason), .unverifiable(let reason):
            reason
        }
    }
}
