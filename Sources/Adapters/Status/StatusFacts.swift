package import Domain

/// What the core knows now.
package struct StatusFacts: Sendable {
    package var phoneSystems: [PhoneSystem]
    /// Of the configured Zammads, and of those that are not any more while they have events.
    package var zammads: [Zammad]
    /// Since when the core works at one thing; `nil` while it waits for the next.
    package var busySince: Instant?
    /// Since the start.
    package var droppedLogLines = 0

    package init(core: BridgeCore, busySince: Instant?) {
        phoneSystems = core.phoneSystems
        zammads = core.zammads.filter { $0.duty != .retired || !$0.events.isIdle || !$0.events.setAside.isEmpty }
        self.busySince = busySince
    }
}
