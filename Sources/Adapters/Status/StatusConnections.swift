import NIOCore
import Synchronization

/// The open connections of the status server, never more than a limit. For a new one the one that has been idle longest
/// makes room: whoever opens many and asks nothing keeps no probe out.
final class StatusConnections: Sendable {
    private struct Connection {
        var channel: any Channel
        /// The turn since which nothing is being answered on it; `nil` while something is.
        var idleSince: Int?
    }

    private struct State {
        var turn = 0
        var open: [ObjectIdentifier: Connection] = [:]
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        let surplus: (any Channel)? = state.withLock { state in
            state.turn += 1
            var leaving: (any Channel)?
            if state.open.count >= limit {
                let idlest = state.open.filter { $0.value.idleSince != nil }
                    .min { $0.value.idleSince ?? 0 < $1.value.idleSince ?? 0 }
                guard let idlest else { return channel }
                leaving = idlest.value.channel
                state.open[idlest.key] = nil
            }
            state.open[id] = Connection(channel: channel, idleSince: state.turn)
            return leaving
        }
        surplus?.close(promise: nil)
        channel.closeFuture.whenComplete { [weak self] _ in
            self?.state.withLock { _ = $0.open.removeValue(forKey: id) }
        }
    }

    /// Notes whether something is being answered on a connection, to a client that takes the answer.
    func note(_ channel: any Channel, isAnswered: Bool) {
        state.withLock { state in
            state.turn += 1
            let turn = isAnswered ? nil : state.turn
            state.open[ObjectIdentifier(channel)]?.idleSince = turn
        }
    }
}
