import Domain
package import Ports
import Synchronization

/// Keeps what a phone system answers and pushes, in memory: nothing raw is ever written to a disk.
package final class SessionRecorder: Sendable {
    /// The poll that a request belongs to.
    @TaskLocal static var poll: Int?

    /// What has been kept so far.
    package struct Account: Equatable, Sendable, Codable {
        package var polls = 0
        package var failedPolls = 0
        package var bytes = 0
        /// Whether the limit is reached; nothing more is kept then.
        package var isFull = false
        package var frames = 0

        package init() {}

        /// As a bridge of another version tells `record`.
        private enum CodingKeys: String, CodingKey {
            case bytes, isFull, frames
            case polls = "looks"
            case failedPolls = "failedLooks"
        }
    }

    /// All that was kept.
    struct Recording: Sendable {
        var entries: [RecordedEntry] = []
        /// By the numbers in the exchanges.
        var answers: [RecordedAnswer] = []
    }

    private struct State {
        var recording = Recording()
        var account = Account()
        var order = 0
        var polls = 0
        var pollsUnderWay: Set<Int> = []
        var lastAnswer: [String: Int] = [:]
        var hasEnded = false
        var lastFailure: PollFailure?

        mutating func next() -> Int {
            order += 1
            return order
        }
    }

    private let clock: any Clock
    private let limit: Int
    private let state = Mutex(State())

    /// `limit`: in bytes, of what is kept.
    package init(clock: any Clock, limit: Int) {
        self.clock = clock
        self.limit = limit
    }

    package var account: Account { state.withLock { $0.account } }

    /// From now on nothing is kept: what fails because the session is ended did not happen.
    package func end() {
        state.withLock { $0.hasEnded = true }
    }

    var recording: Recording { state.withLock { $0.recording } }

    /// Why the last poll that failed did so.
    var lastFailure: PollFailure? { state.withLock { $0.lastFailure } }

    // MARK: - Requests

    func requestBegan() -> (order: Int, at: Instant) {
        state.withLock { ($0.next(), clock.now()) }
    }

    func answered(_ request: RecordedRequest, _ answer: RecordedAnswer, began: (order: Int, at: Instant)) {
        let key: String
        var answer = answer
        switch request {
        case .nothing: return
        case .question(let question): key = question
        case .login(let login):
            key = "POST \(login.path)"
            answer = RecordedLogin.withoutSecrets(answer, of: login, at: clock.now())
        }
        state.withLock { state in
            // What a poll has started may go on when it is over, such as the event socket, and then asks for itself.
            let poll = Self.poll.flatMap { state.pollsUnderWay.contains($0) ? $0 : nil }
            var cost = 32
            let number: Int
            if let last = state.lastAnswer[key], state.recording.answers[last].says(answer) {
                number = last
            } else {
                number = state.recording.answers.count
                cost += answer.body.count + key.utf8.count + 80
            }
            let exchange = RecordedEntry.Exchange(
                key: key, answer: number, began: began.order, beganAt: began.at, poll: poll)
            guard keep(.exchange(exchange), cost, in: &state) else { return }
            if number == state.recording.answers.count { state.recording.answers.append(answer) }
            state.lastAnswer[key] = number
        }
    }

    // MARK: - Polls

    func pollBegan() -> RecordedEntry.Poll {
        state.withLock { state in
            state.polls += 1
            state.pollsUnderWay.insert(state.polls)
            let now = clock.now()
            return RecordedEntry.Poll(
                id: state.polls, began: state.next(), ended: 0, beganAt: now, endedAt: now, hasFailed: false)
        }
    }

    func pollEnded(_ poll: RecordedEntry.Poll, failure: PollFailure?) {
        state.withLock { state in
            var poll = poll
            state.pollsUnderWay.remove(poll.id)
            (poll.ended, poll.endedAt, poll.hasFailed) = (state.next(), clock.now(), failure != nil)
            guard keep(.poll(poll), 32, in: &state) else { return }
            if let failure {
                state.account.failedPolls += 1
                state.lastFailure = failure
            } else {
                state.account.polls += 1
            }
        }
    }

    // MARK: - The event socket

    func socketChanged(isOpen: Bool) {
        state.withLock { state in
            let socket = RecordedEntry.Socket(order: state.next(), at: clock.now(), isOpen: isOpen)
            keep(.socket(socket), 64, in: &state)
        }
    }

    func received(_ message: [UInt8]) {
        state.withLock { state in
            let frame = RecordedEntry.Frame(order: state.next(), at: clock.now(), message: message)
            if keep(.frame(frame), message.count + 64, in: &state) { state.account.frames += 1 }
        }
    }

    @discardableResult
    private func keep(_ entry: RecordedEntry, _ cost: Int, in state: inout State) -> Bool {
        guard !state.hasEnded, !state.account.isFull else { return false }
        guard state.account.bytes + cost <= limit else {
            state.account.isFull = true
            return false
        }
        state.account.bytes += cost
        state.recording.entries.append(entry)
        return true
    }
}
