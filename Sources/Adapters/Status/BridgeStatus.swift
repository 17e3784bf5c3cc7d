/// The whole status as `/status` gives it; docs/status.md describes every field. Points in time are RFC 3339 in UTC.
package struct BridgeStatus: Equatable, Sendable, Codable {
    /// Grows when a field changes its meaning or goes; new fields may come without.
    package static let currentSchema = 1

    package enum Overall: String, Sendable, Codable {
        case healthy
        case degraded
    }

    /// How one of the two sides is.
    package struct Side: Equatable, Sendable, Codable {
        /// A state of the side; docs/status.md lists them.
        package var state: String
        /// Whether the bridge can do its work with it.
        package var isReachable: Bool
        package var words: String
        /// Missing while nothing is known yet.
        package var since: String?
        /// 3CX: the last poll that showed something.
        package var lastLook: String?
        /// Zammad in trouble: when it is tried again, unless a request is under way.
        package var nextTry: String?
        package var reason: String?
        package var remedy: String?
        /// Only where it has one.
        package var name: String?
        /// 3CX: whose calls are told; missing while that is not known.
        package var watched: Watched?
        /// What stands wrong although calls are seen; missing if nothing does.
        package var warnings: [Warning]?
    }

    /// Who is watched, by number; at most 500 in all.
    package struct Watched: Equatable, Sendable, Codable {
        /// Of all kinds, also those that are not listed.
        package var count: Int
        package var extensions: [Number]
        package var queues: [Number]
        package var ringGroups: [Number]
        package var others: [Number]
    }

    package struct Number: Equatable, Sendable, Codable {
        package var number: String
        package var name: String?
    }

    package struct Warning: Equatable, Sendable, Codable {
        package var text: String
        package var remedy: String
    }

    package struct Call: Equatable, Sendable, Codable {
        package enum State: String, CaseIterable, Sendable, Codable {
            case ringing
            /// In a queue or ring group where nobody rings.
            case waiting
            case talking
            case voicemail
            /// Out of sight; over unless it comes back within the grace.
            case ending
        }

        package var call: String
        package var pbxCall: String
        package var direction: String
        package var state: State
        package var since: String
        package var firstSeen: String
        package var number: String
        /// Only where whole numbers are shown.
        package var name: String?
        /// Who talks, or for whom it rings.
        package var agents: [String]
        package var queue: String?
        /// The names of the 3CX and of the Zammad, where they have some.
        package var phoneSystemName: String?
        package var zammadName: String?
    }

    package struct Delivery: Equatable, Sendable, Codable {
        package var id: Int
        /// `pending`, `deadLetter` or `unconfirmed`.
        package var state: String
        package var call: String
        package var event: String
        package var direction: String
        package var number: String
        package var happenedAt: String
        package var since: String
        package var attempts: Int
        package var reason: String?
        /// Only where it has a name.
        package var zammadName: String?
    }

    /// Every event that the bridge ever made is in exactly one of the counts.
    package struct Deliveries: Equatable, Sendable, Codable {
        package var seen: Int
        package var delivered: Int
        package var pending: Int
        package var deadLetters: Int
        package var unconfirmed: Int
        package var dropped: Int
        /// When the oldest pending event happened.
        package var oldestPending: String?
        /// The oldest pending events, at most 20.
        package var pendingEvents: [Delivery]
        /// Dead letters and unconfirmed events, the latest first, at most 50.
        package var failedEvents: [Delivery]
    }

    /// A ticket that waits or was given up.
    package struct Ticket: Equatable, Sendable, Codable {
        package var id: Int
        /// `pending` or `deadLetter`.
        package var state: String
        package var call: String
        package var number: String
        /// When the call ended, or when it was given up.
        package var since: String
        package var requests: Int
        package var reason: String?
        /// Only where it has a name.
        package var zammadName: String?
    }

    package struct Tickets: Equatable, Sendable, Codable {
        package var pending: Int
        package var deadLetters: Int
        /// Since the start, by what came of them.
        package var results: [String: Int]
        /// The oldest that wait, and those that were given up, at most 20 of each.
        package var open: [Ticket]
    }

    package struct Minute: Equatable, Sendable, Codable {
        package var start: String
        package var calls: Int
        package var deliveries: Int
        /// Seconds from what happened in 3CX to Zammad's answer.
        package var meanDelay: Double?
        package var longestDelay: Double?
    }

    package var schema = currentSchema
    package var at: String
    package var version: String
    /// `Bridge.instance`.
    package var instance: String
    package var startedAt: String
    package var overall: Overall
    /// What is wrong, one sentence each; empty if nothing is.
    package var problems: [String]
    package var showsNumbers: Bool
    /// Where there are several: one that cannot be reached, or else the first.
    package var phoneSystem: Side
    package var zammad: Side
    /// Only where there are several: each, in the order of the configuration.
    package var phoneSystems: [Side]?
    package var zammads: [Side]?
    package var calls: [Call]
    package var deliveries: Deliveries
    /// Only where tickets are made for calls.
    package var tickets: Tickets?
    /// The latest first, at most 50.
    package var decisions: [StatusActivity]
    /// Sixty minutes, the oldest first.
    package var lastHour: [Minute]
}
