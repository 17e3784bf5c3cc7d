import Synchronization

/// The event socket of a fixture: what it brings, and what the view says and wants to ask because of it, one after the
/// other.
final class ReplayedSocket: Sendable {
    private struct State {
        var isOpen = false
        var hasBeenOpened = false
        var pushes: [PhoneSystemPush] = []
        var works: [CallControlView.Work] = []
    }

    private let view: CallControlView
    private let state = Mutex(State())

    init(_ view: CallControlView) {
        self.view = view
    }

    var isOpen: Bool { state.withLock { $0.isOpen } }
    var hasBeenOpened: Bool { state.withLock { $0.hasBeenOpened } }

    func open() async {
        let isFirst = state.withLock { state in
            defer { state.hasBeenOpened = true }
            state.isOpen = true
            return !state.hasBeenOpened
        }
        if isFirst { await view.tell { push in self.state.withLock { $0.pushes.append(push) } } }
        await view.connected { work in self.state.withLock { $0.works.append(work) } }
    }

    func close() async {
        state.withLock { state in
            state.isOpen = false
            // What was being asked is no longer waited for.
            state.works = []
        }
        await view.disconnected()
    }

    func receive(_ message: [UInt8]) async {
        guard isOpen else { return }
        await view.received(message)
    }

    func takePushes() -> [PhoneSystemPush] {
        state.withLock { state in
            defer { state.pushes = [] }
            return state.pushes
        }
    }

    /// Asks for the next thing; `false` if there is none.
    func work() async -> Bool {
        let work = state.withLock { $0.works.isEmpty ? nil : $0.works.removeFirst() }
        guard let work else { return false }
        await view.perform(work)
        return true
    }
}
