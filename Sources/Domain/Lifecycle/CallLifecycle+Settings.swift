extension CallLifecycle {
    package struct Settings: Equatable, Sendable, Codable {
        package var name = PhoneSystemName.default
        /// Part of every call id.
        package var instance = "3cx"
        package var routing = Routing()
        /// How long a call may be missing before it has ended, where the source lists whole calls.
        package var grace: Duration = .zero
        /// The same where the source lists legs.
        package var legGrace: Duration = .seconds(2)
        /// How long an outgoing call may go untold while no line shows the number that is called.
        package static let patience: Duration = .seconds(2)
        /// How long a call may show no outside party, as it does for a poll or two while agents hand it over.
        package var handover = patience
        package var transfers: TransferPolicy = .follow
        package var numbers = NumberPlan()
        package var filter = CallFilter()
        /// What each Zammad wants to be told; without an entry it is the default.
        package var helpdesks: [ZammadName: Helpdesk] = [:]

        package init() {}

        package func helpdesk(_ zammad: ZammadName) -> Helpdesk { helpdesks[zammad] ?? Helpdesk() }

        /// What one Zammad wants to be told.
        package struct Helpdesk: Equatable, Sendable, Codable {
            package var logMissedQueueCalls = false
            package var sendQueue = false
            /// Extension → Zammad user id.
            package var agentUserIDs: [String: Int] = [:]

            package init(
                logMissedQueueCalls: Bool = false, sendQueue: Bool = false, agentUserIDs: [String: Int] = [:]
            ) {
                self.logMissedQueueCalls = logMissedQueueCalls
                self.sendQueue = sendQueue
                self.agentUserIDs = agentUserIDs
            }
        }
    }
}
