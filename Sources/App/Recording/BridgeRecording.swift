import Adapters
import Ports
import UnixSignals

/// A recording that the running bridge makes.
struct BridgeRecording: Sendable {
    enum Outcome: Sendable {
        case recorded(RecordedFixture, SessionRecorder.Account)
        /// `kind`: of the poll of 3CX that failed, where it was that.
        case failed(String, kind: PollFailure.Kind? = nil)
        /// The bridge has another 3CX, or another API client.
        case foreign
        case noBridge
        /// There is one, and it may not be asked.
        case notAllowed
    }

    let socket: RecordingSocket
    let order: RecordingOrder

    /// The bridge answers at once, unless it is stopped or overloaded.
    private static let patience: Duration = .seconds(5)

    /// Until the time is over or a signal comes.
    func make(for length: Duration?) async -> Outcome {
        do {
            return try await socket.connect { try await talk($0, length) }
        } catch RecordingSocket.Absence.notAllowed {
            return .notAllowed
        } catch RecordingSocket.Absence.nobodyListens {
            return .noBridge
        } catch is RecordingSocket.Silence {
            return .failed("the bridge that runs here does not answer; try again, or restart it")
        } catch {
            return .failed("the bridge has ended the recording: \(error)")
        }
    }

    private func talk(_ connection: RecordingSocket.Connection, _ length: Duration?) async throws -> Outcome {
        try await connection.send(.record(order))
        var account = SessionRecorder.Account()
        var ending: [Task<Void, any Error>] = []
        defer { for task in ending { task.cancel() } }
        var next = try await connection.next(within: Self.patience)
        while let message = next {
            switch message {
            case .foreign: return .foreign
            case .failed(let reason, let kind): return .failed(reason, kind: kind)
            case .progress(let now):
                if ending.isEmpty { ending = await end(connection, after: length) }
                if account.polls == 0, now.polls > 0 {
                    StandardStreams.printMessage(
                        "recording; Ctrl-C ends it and writes the file; the bridge that runs here makes it, since an "
                            + "API client has one live token")
                }
                account = now
                if StandardStreams.messagesAreTerminal {
                    StandardStreams.printProgress("polls \(now.polls)  \((now.bytes + 999) / 1000) kB")
                }
            case .recorded(let text, let stepsLeftOut, let problem):
                if StandardStreams.messagesAreTerminal { StandardStreams.printProgress("") }
                let recorded = try await RecordedFixture.read(
                    text, name: order.name, stepsLeftOut: stepsLeftOut, problem: problem)
                return .recorded(recorded, account)
            case .record, .end: break
            }
            next = await connection.next()
        }
        return .failed("the bridge has ended meanwhile, and the recording with it")
    }

    private func end(_ connection: RecordingSocket.Connection, after length: Duration?) async -> [Task<Void, any Error>]
    {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let listening = Task {
            for await _ in signals { try await connection.send(.end) }
        }
        guard let length else { return [listening] }
        let timer = Task {
            try await Task.sleep(for: length)
            try await connection.send(.end)
        }
        return [listening, timer]
    }
}
