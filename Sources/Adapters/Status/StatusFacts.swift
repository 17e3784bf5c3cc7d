package import Domain

/// What the core knows now.
package struct StatusFacts: Sendable {
    package var phoneSystems: [BridgeCore.PhoneSystem]
    /// Of the configured Zammads, and of those that are not any more while they have events.
    package var outboxes: [Outbox]
    /// Since when the core works at one thing; `nil` while it waits for the next.
    package var busySince: Instant?
    /// Since the start.
    package var droppedLogLines = 0

    package init(core: BridgeCore, busySince: Instant?) {
        phoneSystems = core.phoneSystems
        outboxes = core.outboxes.filter { !$0.isRetired || !$0.isIdle || !$0.settled.isEmpty }
        self.busySince = busySince
    }
}
