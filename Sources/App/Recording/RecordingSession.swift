import Adapters
import Domain
import FoundationEssentials
import Logging
import Ports
import UnixSignals
import Wire

/// Polls 3CX as the daemon does, and keeps what it answers.
struct RecordingSession: Sendable {
    enum End: Sendable {
        case time
        case signal
        case full
        /// The first poll failed: there is nothing to record.
        case failed(PollFailure)
    }

    let recorder: SessionRecorder
    private let side: PhoneSystemSide
    private let progress: RecordingProgress

    init(_ configuration: BridgeConfiguration, limit: Int) throws(HTTPTransportSetupFailure) {
        recorder = SessionRecorder(clock: SystemClock(), limit: limit)
        let silent = Logger(label: "record") { _ in SwiftLogNoOpLogHandler() }
        side = try PhoneSystemSide(
            configuration, log: silent, mask: TraceMask(configuration, showsNumbers: false), recorder: recorder)
        progress = RecordingProgress(recorder)
    }

    var account: RecordingProgress.Account {
        get async { await progress.account }
    }

    /// Until the time is over, a signal comes, the limit is reached, or the first poll fails.
    func run(for length: Duration?) async -> End {
        // Before the first poll, so that none comes too early to be heard.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let (ends, continuation) = AsyncStream.makeStream(of: End.self, bufferingPolicy: .bufferingOldest(1))
        let listening = Task {
            for await _ in signals { continuation.yield(.signal) }
        }
        let timer = length.map { length in
            Task {
                do { try await Task.sleep(for: length) } catch { return }
                continuation.yield(.time)
            }
        }
        let polling = Task { [side, progress, recorder] in
            await side.source().run { report in
                if let end = await progress.hear(report) { continuation.yield(end) }
                if recorder.account.isFull { continuation.yield(.full) }
            }
        }
        let showing = Task { [progress] in await progress.show() }
        var end = End.signal
        for await first in ends {
            end = first
            break
        }
        recorder.end()
        showing.cancel()
        timer?.cancel()
        polling.cancel()
        await side.shutdown()
        await polling.value
        await showing.value
        listening.cancel()
        return end
    }
}
