package import Domain

/// What the core knows now.
package struct StatusFacts: Sendable {
    package var calls: [PBXCallID: CallState]
    package var view: CallSnapshot?
    package var outbox: Outbox
    /// Since when the core works at one thing; `nil` while it waits for the next.
    package var busySince: Instant?

    package init(core: BridgeCore, busySince: Instant?) {
        calls = core.lifecycle.calls
        view = core.view
        outbox = core.outbox
        self.busySince = busySince
    }
}
