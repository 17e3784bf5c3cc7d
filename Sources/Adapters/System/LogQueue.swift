import Dispatch
import Domain
import Synchronization

/// Where log lines go.
package enum LogOutput: Sendable {
    /// To a file descriptor, at once: who logs waits for the reader.
    case direct(Int32)
    /// Who logs waits for nobody.
    case queued(LogQueue)

    /// `notice`: the line that says how many could not be kept.
    func write(_ line: String, notice: @escaping @Sendable (Int) -> String) {
        switch self {
        case .direct(let descriptor): Self.lock.withLock { _ in _ = DescriptorOutput.write(line, to: descriptor) }
        case .queued(let queue): queue.add(line, notice: notice)
        }
    }

    private static let lock = Mutex(())
}

/// Lines on their way to a file descriptor whose reader may stall: a journal or a log shipper that stands still must not stop calls.
///
/// A thread of its own writes. What does not fit any more while it waits for the reader is counted, and the count is told when somebody
/// reads again.
package final class LogQueue: Sendable {
    private struct State {
        var lines: [String] = []
        var bytes = 0
        var dropped = 0
        /// What tells of them, in the form of the lines.
        var notice: (@Sendable (Int) -> String)?
        var droppedSinceStart = 0
        var isWriting = false
    }

    /// Hours at the usual level. With `--trace` it is a matter of seconds.
    static let mostBytes = 1 << 20

    private let descriptor: Int32
    private let thread = DispatchQueue(label: "log")
    private let state = Mutex(State())

    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    package var droppedSinceStart: Int { state.withLock { $0.droppedSinceStart } }

    /// Whole, or not at all.
    package func add(_ line: String, notice: (@Sendable (Int) -> String)? = nil) {
        let begins = state.withLock { state in
            guard state.bytes + line.utf8.count <= Self.mostBytes else {
                state.dropped += 1
                state.droppedSinceStart += 1
                state.notice = state.notice ?? notice
                return false
            }
            state.lines.append(line)
            state.bytes += line.utf8.count
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if begins { thread.async { self.work() } }
    }

    /// Waits until all is written, for so long at most.
    package func finish(within limit: Duration) {
        let written = DispatchSemaphore(value: 0)
        thread.async { written.signal() }
        _ = written.wait(timeout: .now() + .milliseconds(Int(limit.milliseconds)))
    }

    private func work() {
        while let lines = next() {
            for line in lines { DescriptorOutput.write(line, to: descriptor) }
        }
    }

    /// All that wait, and after them how many came when there was no room.
    private func next() -> [String]? {
        state.withLock { state in
            guard !state.lines.isEmpty else {
                state.isWriting = false
                return nil
            }
            var lines = state.lines
            if state.dropped > 0, let notice = state.notice { lines.append(notice(state.dropped)) }
            state = State(droppedSinceStart: state.droppedSinceStart, isWriting: true)
            return lines
        }
    }
}
