package import Domain
package import Ports

/// One way of polling a 3CX: an interface of it, with its session.
package protocol PhoneSystemView: CallControl, AgentEmails {
    /// Polls once. Throws if nothing reliable was seen; whoever calls decides when to poll again.
    func poll() async throws(PollFailure) -> PollResult

    /// Which one that is; of several the one in use.
    var interface: PhoneSystemInterface { get async }

    /// What the view is, in words for the log.
    var name: String { get async }

    /// What is watched and what stands wrong with it, as of the last poll; `nil` before it is known.
    func watchList() async -> WatchList?

    /// Asks the PBX what an operator wants to know who sets the bridge up. To be asked of a view that has polled.
    func facts() async -> PhoneSystemFacts

    /// Follows what the PBX tells by itself until the calling task is cancelled. Returns at once where it tells
    /// nothing.
    ///
    /// While this runs the view hands over every picture through `push`, those of polls too, one at a time in the order
    /// in which they arose: otherwise a poll and an event could overtake each other.
    func watch(_ push: @escaping @Sendable (PhoneSystemPush) async -> Void) async
}

extension PhoneSystemView {
    package func emails() async -> [String: String] { [:] }

    package func watchList() async -> WatchList? { nil }

    package func facts() async -> PhoneSystemFacts { PhoneSystemFacts() }

    package func watch(_ push: @escaping @Sendable (PhoneSystemPush) async -> Void) async {}
}

/// Something that a view says by itself.
package enum PhoneSystemPush: Equatable, Sendable {
    case snapshot(PollResult)
    /// Changes are pushed from now on; polls are needed as a check only.
    case began
    /// They no longer are.
    case ended
    /// A poll would tell what an event leaves open; the reason is for the log.
    case pollWanted(String)
    /// A call shows no leg any more: polls at once and a moment later would tell whether it is over.
    case endDoubted
    case notice(Notice)
}

/// What came of one poll, or of an event: a snapshot.
package struct PollResult: Equatable, Sendable {
    package var snapshot: CallSnapshot
    /// What the operator should know, each said once.
    var notices: [Notice] = []
    /// Whether the snapshot has been handed over through `watch` already.
    var isHandedOver = false
}
