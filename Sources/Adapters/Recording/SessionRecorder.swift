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
            guard spend(cost, in: &state) else { return }
            state.recording.exchanges.append(
                Recording.Exchange(key: key, answer: number, began: began.order, beganAt: began.at, poll: poll))
            if number == state.recording.answers.count { state.recording.answers.append(answer) }
            state.lastAnswer[key] = number
        }
    }

    // MARK: - Polls

    func pollBegan() -> Recording.Poll {
        state.withLock { state in
            state.polls += 1
            state.pollsUnderWay.insert(state.polls)
            let now = clock.now()
            return Recording.Poll(
                id: state.polls, began: state.next(), ended: 0, beganAt: now, endedAt: now, hasFailed: false)
        }
    }

    func pollEnded(_ poll: Recording.Poll, failure: PollFailure?) {
        state.withLock { state in
            var poll = poll
            state.pollsUnderWay.remove(poll.id)
            (poll.ended, poll.endedAt, poll.hasFailed) = (state.next(), clock.now(), failure != nil)
            guard spend(32, in: &state) else { return }
            state.recording.polls.append(poll)
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
        state.withLock { _ = keep(.socket(isOpen: isOpen), 64, in: &$0) }
    }

    func received(_ message: [UInt8]) {
        state.withLock { state in
            if keep(.frame(message), message.count + 64, in: &state) { state.account.frames += 1 }
        }
    }

    private func keep(_ what: Recording.Push.What, _ cost: Int, in state: inout State) -> Bool {
        let order = state.next()
        guard spend(cost, in: &state) else { return false }
        state.recording.pushes.append(Recording.Push(order: order, at: clock.now(), what: what))
        return true
    }

    /// Whether there is room for so many bytes.
    private func spend(_ cost: Int, in state: inout State) -> Bool {
        guard !state.hasEnded, !state.account.isFull else { return false }
        guard state.account.bytes + cost <= limit else {
            state.account.isFull = true
            return false
        }
        state.account.bytes += cost
        return true
    }
}
