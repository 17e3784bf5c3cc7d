import Domain
import Wire

/// Makes the steps of a fixture of a recorded session.
///
/// A replay does one thing after the other, while in truth a message of the event socket arrives while a poll is under
/// way, and what it names is asked for while the next arrives. So a poll during which something was pushed comes before
/// it: whatever the answer shows of it is then shown once more. And a message brings along the first answer that was
/// asked for after it.
struct RecordedSteps {
    struct Step: Sendable {
        enum Kind: Sendable {
            case poll
            case frame([UInt8])
            case socket(isOpen: Bool)
        }

        var kind: Kind
        /// Milliseconds since the start.
        var at: Int64
        /// What is answered from now on, by key, with the numbers of the recording.
        var answers: [(key: String, answer: Int)] = []
    }

    private(set) var steps: [Step] = []
    private(set) var answers: [RecordedAnswer]
    let start: Instant
    private let exchanges: [RecordedEntry.Exchange]
    private let hasEvents: Bool
    private let reconcileInterval: Int64
    private var current: [String: Int] = [:]
    private var lost: Int?
    private var lastKept: (at: Int64, hasFailed: Bool)?
    private var lastFullPoll: Int64?

    private static let rowsKey = "GET " + XAPIRequests.root + "ActiveCalls"
    private static let stationsKey = "GET " + CallControlView.path
    /// Polls that show nothing new are left out, but for one in so many milliseconds.
    private static let longestGap: Int64 = 10_000
    /// How long after a message its rows may be asked for.
    private static let rowsDelay: Duration = .seconds(1)

    /// `nil` without a poll.
    init?(_ recording: SessionRecorder.Recording, reconcileInterval: Duration) {
        answers = recording.answers
        self.reconcileInterval = reconcileInterval.milliseconds
        var exchanges: [RecordedEntry.Exchange] = []
        var things: [Thing] = []
        var pushed: [(order: Int, at: Instant)] = []
        for entry in recording.entries {
            switch entry {
            case .exchange(let exchange): exchanges.append(exchange)
            case .poll(let poll): things.append(Thing(order: poll.ended, rank: 1, at: poll.endedAt, what: .poll(poll)))
            case .frame(let frame):
                pushed.append((frame.order, frame.at))
                things.append(Thing(order: frame.order, rank: 1, at: frame.at, what: .frame(frame)))
            case .socket(let socket):
                pushed.append((socket.order, socket.at))
                things.append(Thing(order: socket.order, rank: 1, at: socket.at, what: .socket(socket)))
            }
        }
        guard let first = things.compactMap(\.poll).min(by: { $0.began < $1.began }) else { return nil }
        start = first.beganAt
        hasEvents = !pushed.isEmpty
        self.exchanges = exchanges.sorted { $0.began < $1.began }
        for index in things.indices {
            guard case .poll(let poll) = things[index].what,
                let overtaken = pushed.first(where: { poll.began < $0.order && $0.order < poll.ended })
            else { continue }
            (things[index].order, things[index].rank) = (overtaken.order, 0)
            things[index].at = min(poll.endedAt, overtaken.at)
        }
        things.sort { ($0.order, $0.rank) < ($1.order, $1.rank) }
        for (index, thing) in things.enumerated() {
            let next = index + 1 < things.count ? things[index + 1].order : Int.max
            add(thing, asked: asked(from: thing.order, to: next))
        }
    }

    private struct Thing {
        enum What {
            case poll(RecordedEntry.Poll)
            case frame(RecordedEntry.Frame)
            case socket(RecordedEntry.Socket)
        }

        var order: Int
        /// Of two with one place the lower comes first.
        var rank: Int
        var at: Instant
        var what: What

        var poll: RecordedEntry.Poll? { if case .poll(let poll) = what { poll } else { nil } }
    }

    /// What no poll asked for, between two things.
    private func asked(from start: Int, to end: Int) -> [String: Int] {
        var result: [String: Int] = [:]
        for exchange in exchanges[firstIndex(after: start)...] {
            if exchange.began > end { break }
            if exchange.poll == nil { result[exchange.key] = exchange.answer }
        }
        return result
    }

    private func firstIndex(after order: Int) -> Int { exchanges.partitioningIndex { $0.began > order } }

    // MARK: - Steps

    private mutating func add(_ thing: Thing, asked: [String: Int]) {
        var at = max(steps.last?.at ?? 0, (thing.at - start).milliseconds)
        switch thing.what {
        case .poll(let poll):
            var given = asked
            let own = exchanges[firstIndex(after: poll.began)...].prefix { $0.began < poll.ended }
            // Of one poll's answers to one question the last is the one that counted.
            for exchange in own where exchange.poll == poll.id { given[exchange.key] = exchange.answer }
            let isFull = own.contains { $0.poll == poll.id && $0.key == Self.stationsKey }
            if hasEvents { at = max(steps.last?.at ?? 0, withPace(at, isFull)) }
            let news = news(given)
            let isKept = !news.isEmpty || poll.hasFailed || lastKept?.hasFailed != false || (hasEvents && isFull)
            guard isKept || at - (lastKept?.at ?? 0) >= Self.longestGap else { return }
            lastKept = (at, poll.hasFailed)
            steps.append(Step(kind: .poll, at: at, answers: news))
        case .frame(let frame):
            var given = asked
            if case .upserted(let key, nil) = CallControlEvent.decode(frame.message).change {
                let question = "GET \(CallControlView.path)/\(key.dn.percentEncoded)/participants/\(key.id)"
                given[question] = answer(to: question, after: frame.order) ?? lostAnswer()
            }
            if given[Self.rowsKey] == nil, let rows = rows(after: frame) { given[Self.rowsKey] = rows }
            steps.append(Step(kind: .frame(frame.message), at: at, answers: news(given)))
        case .socket(let socket):
            steps.append(Step(kind: .socket(isOpen: socket.isOpen), at: at, answers: news(asked)))
        }
    }

    /// A poll asks for everything again when the interval has passed since the last one that did: by a clock of whole
    /// milliseconds it must have passed in the replay as well, or not have passed.
    private mutating func withPace(_ at: Int64, _ isFull: Bool) -> Int64 {
        guard let last = lastFullPoll else {
            if isFull { lastFullPoll = at }
            return at
        }
        let due = last + reconcileInterval
        guard isFull else { return min(at, max(due - 1, last)) }
        let paced = at < due && due - at < 500 ? due : at
        lastFullPoll = paced
        return paced
    }

    private mutating func news(_ given: [String: Int]) -> [(key: String, answer: Int)] {
        let news = given.filter { current[$0.key] != $0.value }
        current.merge(news) { _, new in new }
        return news.map { (key: $0.key, answer: $0.value) }.sorted { $0.key < $1.key }
    }

    private func answer(to question: String, after order: Int) -> Int? {
        exchanges[firstIndex(after: order)...].first { $0.key == question }?.answer
    }

    private func rows(after frame: RecordedEntry.Frame) -> Int? {
        for exchange in exchanges[firstIndex(after: frame.order)...] {
            if exchange.beganAt - frame.at > Self.rowsDelay { return nil }
            if exchange.poll == nil, exchange.key == Self.rowsKey { return exchange.answer }
        }
        return nil
    }

    /// Without an answer the participant would count as gone.
    private mutating func lostAnswer() -> Int {
        if let lost { return lost }
        answers.append(.lost)
        lost = answers.count - 1
        return answers.count - 1
    }
}
