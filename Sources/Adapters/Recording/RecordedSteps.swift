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
            case push(Recording.Push.What)
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
    private let exchanges: [Recording.Exchange]
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
    init?(_ recording: Recording, reconcileInterval: Duration) {
        guard let first = recording.polls.min(by: { $0.began < $1.began }) else { return nil }
        start = first.beganAt
        answers = recording.answers
        exchanges = recording.exchanges.sorted { $0.began < $1.began }
        hasEvents = !recording.pushes.isEmpty
        self.reconcileInterval = reconcileInterval.milliseconds
        var things = recording.polls.map { poll in
            let overtaken = recording.pushes.first { poll.began < $0.order && $0.order < poll.ended }
            return overtaken.map { Thing(order: $0.order, rank: 0, at: min(poll.endedAt, $0.at), what: .poll(poll)) }
                ?? Thing(order: poll.ended, rank: 1, at: poll.endedAt, what: .poll(poll))
        }
        things += recording.pushes.map { Thing(order: $0.order, rank: 1, at: $0.at, what: .push($0)) }
        things.sort { ($0.order, $0.rank) < ($1.order, $1.rank) }
        for (index, thing) in things.enumerated() {
            let next = index + 1 < things.count ? things[index + 1].order : Int.max
            add(thing, asked: asked(from: thing.order, to: next))
        }
    }

    private struct Thing {
        enum What {
            case poll(Recording.Poll)
            case push(Recording.Push)
        }

        var order: Int
        /// Of two with one place the lower comes first.
        var rank: Int
        var at: Instant
        var what: What
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
        case .push(let push):
            var given = asked
            if case .frame(let message) = push.what {
                if case .upserted(let key, nil) = CallControlEvent.decode(message).change {
                    let question = "GET \(CallControlView.path)/\(key.dn.percentEncoded)/participants/\(key.id)"
                    given[question] = answer(to: question, after: push.order) ?? lostAnswer()
                }
                if given[Self.rowsKey] == nil, let rows = rows(after: push) { given[Self.rowsKey] = rows }
            }
            steps.append(Step(kind: .push(push.what), at: at, answers: news(given)))
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

    private func rows(after push: Recording.Push) -> Int? {
        for exchange in exchanges[firstIndex(after: push.order)...] {
            if exchange.beganAt - push.at > Self.rowsDelay { return nil }
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
