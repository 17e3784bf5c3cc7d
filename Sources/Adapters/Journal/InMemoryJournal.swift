package import Domain
package import Ports

/// A journal that lasts as long as the process.
package actor InMemoryJournal: Journal {
    private var state: BridgeCore?

    package init() {}

    package func load() async throws(JournalFailure) -> BridgeCore? {
        state
    }

    package func commit(_ state: BridgeCore) async throws(JournalFailure) {
        self.state = state
    }
}
