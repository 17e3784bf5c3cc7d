import NIOCore
import Synchronization

/// When each event came into being, was first shown to the bridge, and reached the helpdesk.
final class Timeline: Sendable {
    private struct State {
        var changed: [CallEvent: NIODeadline] = [:]
        var shown: [CallEvent: NIODeadline] = [:]
        var arrived: [CallEvent: NIODeadline] = [:]
        var posts = 0

        func times(from starts: [CallEvent: NIODeadline]) -> [TimeAmount] {
            starts.compactMap { event, start in arrived[event].map { $0 - start } }.sorted()
        }
    }

    private let state = Mutex(State())

    func changed(_ event: CallEvent) {
        let now = NIODeadline.now()
        state.withLock { $0.changed[event] = now }
    }

    func shown(_ event: CallEvent, at instant: NIODeadline) {
        state.withLock { $0.shown[event] = instant }
    }

    func arrived(_ event: CallEvent, at instant: NIODeadline) {
        state.withLock {
            $0.posts += 1
            if $0.arrived[event] == nil { $0.arrived[event] = instant }
        }
    }

    func forget() { state.withLock { $0 = State(posts: $0.posts) } }

    var posts: Int { state.withLock(\.posts) }

    func hasArrived(_ event: CallEvent) -> Bool { state.withLock { $0.arrived[event] != nil } }

    /// From the change at the phone system to the post's arrival.
    var latencies: [TimeAmount] { state.withLock { $0.times(from: $0.changed) } }

    /// From the answer that showed a change to the post's arrival: the bridge's own share.
    var ownShares: [TimeAmount] { state.withLock { $0.times(from: $0.shown) } }
}
