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

/// Lines on their way to a file descriptor whose reader may stall: a journal or a log shipper that stands still must
/// not stop calls.
///
/// A thread of its own writes. What does not fit any more while it waits for the reader, and what nobody takes, is
/// counted, and the count is told when somebody reads again.
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
            state.notice = notice ?? state.notice
            guard state.bytes + line.utf8.count <= Self.mostBytes else {
                state.dropped += 1
                state.droppedSinceStart += 1
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
        while let (lines, dropped, notice) = next() {
            let lost = lines.count { !DescriptorOutput.write($0, to: descriptor) }
            let isTold = dropped == 0 || notice.map { DescriptorOutput.write($0(dropped), to: descriptor) } ?? false
            guard lost > 0 || !isTold else { continue }
            state.withLock { state in
                state.dropped += lost + (isTold ? 0 : dropped)
                state.droppedSinceStart += lost
            }
        }
    }

    /// All that wait, and how many were dropped before them.
    private func next() -> (lines: [String], dropped: Int, notice: (@Sendable (Int) -> String)?)? {
        state.withLock { state in
            guard !state.lines.isEmpty else {
                state.isWriting = false
                return nil
            }
            defer {
                state = State(notice: state.notice, droppedSinceStart: state.droppedSinceStart, isWriting: true)
            }
            return (state.lines, state.dropped, state.notice)
        }
    }
}
