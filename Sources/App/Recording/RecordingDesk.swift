import Adapters
import Logging
import Ports

/// Makes recordings inside of the bridge, for the command `record`: what 3CX answers to the bridge itself, by the
/// bridge's own token. One at a time.
actor RecordingDesk {
    private let reloader: Reloader
    private let log: Logger
    private var isRecording = false
    /// Of a recording that takes no more: whoever comes meanwhile is not sent away.
    private var ending: Task<Void, Never>?

    /// A command gives its order at once.
    private static let patience: Duration = .seconds(5)

    init(reloader: Reloader, log: Logger) {
        self.reloader = reloader
        self.log = log
    }

    /// Until the calling task is cancelled. Whatever becomes of it, calls are reported.
    nonisolated func run(at socket: RecordingSocket) async {
        do {
            try await socket.serve { try await self.take($0) }
        } catch {
            guard !Task.isCancelled else { return }
            log.debug("the bridge cannot be asked to record", metadata: ["reason": "\(error)"])
        }
    }

    private func take(_ connection: RecordingSocket.Connection) async throws {
        guard case .record(let order)? = try await connection.next(within: Self.patience) else { return }
        while let ending { await ending.value }
        guard !isRecording else {
            return try await connection.send(.failed("another recording is under way; wait for it, or end it"))
        }
        isRecording = true
        let limit = min(order.limit, RecordingLimit.largest.bytes)
        let recorder = SessionRecorder(clock: SystemClock(), limit: limit)
        let configuration: BridgeConfiguration
        switch await begin(order, recorder) {
        case .begun(let found): configuration = found
        case .refused(let answer):
            isRecording = false
            return try await connection.send(answer)
        }
        log.notice("recording what 3CX says", metadata: ["host": "\(order.host)"])
        let isWanted = await wait(connection, recorder)
        let ending = Task { await end(order, recorder) }
        self.ending = ending
        await ending.value
        guard isWanted else { return }
        try await connection.send(.progress(recorder.account))
        do {
            let recorded = try await RecordedFixture.make(recorder, configuration, name: order.name, limit: limit)
            try await connection.send(
                .recorded(text: recorded.text, stepsLeftOut: recorded.stepsLeftOut, problem: recorded.problem))
        } catch let failure as RecordedFixture.Failure {
            try await connection.send(.failed("\(failure)", kind: failure.kind))
        }
    }

    private enum Beginning {
        case begun(BridgeConfiguration)
        case refused(RecordingMessage)
    }

    private func begin(_ order: RecordingOrder, _ recorder: SessionRecorder) async -> Beginning {
        do {
            return try await reloader.record(order, by: recorder).map { .begun($0) } ?? .refused(.foreign)
        } catch let failure as PollFailure {
            let reason = "there is nothing to record, since the bridge does not see 3CX: \(failure)"
            return .refused(.failed(reason, kind: failure.kind))
        } catch {
            return .refused(.failed("\(error)"))
        }
    }

    private func end(_ order: RecordingOrder, _ recorder: SessionRecorder) async {
        recorder.end()
        do {
            _ = try await reloader.record(order, by: nil)
        } catch {
            log.error("3CX is no longer recorded, but the connection stays", metadata: ["reason": "\(error)"])
        }
        log.notice(
            "the recording has ended",
            metadata: ["looks": "\(recorder.account.polls)", "bytes": "\(recorder.account.bytes)"])
        isRecording = false
        ending = nil
    }

    /// Until it is enough. `false` if nobody waits for the recording any more.
    private nonisolated func wait(_ connection: RecordingSocket.Connection, _ recorder: SessionRecorder) async -> Bool {
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
