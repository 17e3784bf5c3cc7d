extension CallLifecycle.Settings {
    /// What one Zammad wants to be told.
    package struct Helpdesk: Equatable, Sendable, Codable {
        package var logMissedQueueCalls = false
        package var sendQueue = false
        /// Extension → Zammad user id.
        package var agentUserIDs: [String: Int] = [:]

        package init() {}
    }

    /// What the Zammad of that name wants.
    func helpdesk(_ zammad: ZammadName) -> Helpdesk {
        if let helpdesk = helpdesks[zammad] { return helpdesk }
        var helpdesk = Helpdesk()
        helpdesk.logMissedQueueCalls = logMissedQueueCalls
        helpdesk.sendQueue = sendQueue
        helpdesk.agentUserIDs = agentUserIDs
        return helpdesk
    }
}
