import Adapters
import Logging
import Ports

/// Makes recordings inside of the bridge, for the command `record`: what 3CX answers to the bridge itself, by the bridge's own token.
struct RecordingDesk: Sendable {
    let reloader: Reloader
    let log: Logger

    /// Until the calling task is cancelled. Whatever becomes of it, calls are reported.
    func run(at socket: RecordingSocket) async {
        do {
            try await socket.serve { try await record($0) }
        } catch {
            guard !Task.isCancelled else { return }
            log.debug("the bridge cannot be asked to record", metadata: ["reason": "\(error)"])
        }
    }

    private func record(_ connection: RecordingSocket.Connection) async throws {
        guard case .record(let order)? = await connection.next() else { return }
        let limit = min(order.limit, RecordingLimit.largest.bytes)
        let recorder = SessionRecorder(clock: SystemClock(), limit: limit)
        let configuration: BridgeConfiguration
        do {
            guard let found = try await reloader.record(order, by: recorder) else {
                return try await connection.send(.foreign)
            }
            configuration = found
        } catch {
            return try await connection.send(.failed("\(error)"))
        }
        log.notice("recording what 3CX says", metadata: ["host": "\(order.host)"])
        let isWanted = await wait(connection, recorder)
        recorder.end()
        do {
            _ = try await reloader.record(order, by: nil)
        } catch {
            log.error("3CX is no longer recorded, but the connection stays", metadata: ["reason": "\(error)"])
        }
        log.notice(
            "the recording has ended",
            metadata: ["looks": "\(recorder.account.looks)", "bytes": "\(recorder.account.bytes)"])
        guard isWanted else { return }
        try await connection.send(.progress(recorder.account))
        do {
            let recorded = try await RecordedFixture.make(recorder, configuration, name: order.name, limit: limit)
            try await connection.send(
                .recorded(text: recorded.text, stepsLeftOut: recorded.stepsLeftOut, problem: recorded.problem))
        } catch let failure as RecordedFixture.Failure {
            try await connection.send(.failed("\(failure)"))
        }
    }

    /// Until it is enough. `false` if nobody waits for the recording any more.
    private func wait(_ connection: RecordingSocket.Connection, _ recorder: SessionRecorder) async -> Bool {
        await withTaskGroup(of: Bool?.self) { group in
            group.addTask { await connection.next() == .end }
            group.addTask {
                while !Task.isCancelled, !recorder.account.isFull {
                    do {
                        try await connection.send(.progress(recorder.account))
                        try await Task.sleep(for: .seconds(1))
                    } catch {
                        return false
                    }
                }
                return recorder.account.isFull
            }
            let isWanted = await group.next() ?? nil
            group.cancelAll()
            return isWanted ?? false
        }
    }
}
