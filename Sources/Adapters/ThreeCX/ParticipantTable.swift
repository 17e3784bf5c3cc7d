/// Keeps the picture of a PBX that is polled as a whole from time to time, and that tells single changes in between.
///
/// ```
///              opened                     polled (begun since)
///   closed ─────────────▶ opened ───────────────────────────────▶ following
///     ▲  ▲                  │  events wait for that poll               │  ▲ │ events count at once
///     │  └──────closed──────┘                                          │  └─┘
///     └────────────────────────────closed──────────────────────────────┘
/// ```
///
/// What the picture does not say. An event mostly names a participant without telling what it is like, so that it has
/// to be fetched; an event that comes meanwhile has it fetched again. One that is gone before the answer arrives goes
/// with it: what it was like is shown for a moment. A poll takes a while: what events have touched since it began is
/// newer than what it shows, stays as it is, and is fetched again where both differ. Events may be missing, doubled or
/// out of order; a gap in their sequence, a DN that no poll has shown and an answer that cannot be read all make a poll
/// wanted, and so do so many changes at once that one poll is cheaper than fetching them all. While nothing is pushed a
/// poll replaces all. What a poll shows, or no longer shows, although no event has told of it and none is known to be
/// missing, is `unannounced` until one does, or a poll shows again what events have told.
struct ParticipantTable: Equatable, Sendable {
    typealias Key = ParticipantKey
    typealias Fetch = ParticipantFetches.Fetch
    typealias Participant = CallControlMessages.Participant

    struct Limits: Equatable, Sendable {
        /// Questions under way at the same time.
        var fetches = 8
        /// Participants that wait to be fetched; beyond, all are polled instead.
        var waiting = 64
        /// Participants whose events wait for a poll, or are newer than it; beyond, another poll follows it.
        var queued = 4096
    }

    enum Phase: Equatable, Sendable {
        /// Nothing is pushed. Successor: `opened`.
        case closed
        /// Events are pushed, and wait for a poll that began after the connection. Successors: `following`, `closed`.
        case opened(NamedParticipants)
        /// The picture is kept up to date by events. Successors: `opened` by a new connection, `closed`.
        case following
    }

    enum FetchResult: Equatable, Sendable {
        case found(Participant)
        case gone
        /// No answer, or one that cannot be read.
        case failed
    }

    enum Input: Equatable, Sendable {
        case opened
        case closed
        case pollStarted
        /// `isComplete`: whether all that the poll was given could be read.
        case polled([ParticipantStation], isComplete: Bool = true)
        case pollFailed
        case pushed(CallControlEvent)
        case fetched(Fetch, FetchResult)
    }

    struct Output: Equatable, Sendable {
        /// What the PBX looks like now, one after the other where more than one thing has happened; none where nothing
        /// has changed. A poll always gives one.
        var pictures: [[ParticipantStation]] = []
        /// What is to be asked now.
        var fetches: [Fetch] = []
        /// Why a poll that begins from now on is wanted.
        var pollWanted: String?
    }

    private struct PollUnderWay: Equatable, Sendable {
        /// Whether the connection was there already when the poll began.
        var isAfterOpening: Bool
        /// Whether it was wanted because events are missing.
        var isOwed: Bool
        /// What events have changed since.
        var touched: Set<Key> = []
    }

    let limits: Limits
    private(set) var stations: [ParticipantStation] = []
    private(set) var phase = Phase.closed
    /// Participants that have come or gone without an event, by what polls show.
    private(set) var unannounced: Set<Key> = []
    private var poll: PollUnderWay?
    /// Whether something has happened that the next poll explains.
    private var isPollOwed = false
    private var lastSequence: Int64?
    private var fetches = ParticipantFetches()

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    mutating func handle(_ input: Input) -> Output {
        var output = Output()
        switch input {
        case .opened:
            disconnect()
            phase = .opened(NamedParticipants())
            poll?.isAfterOpening = false
            output.pollWanted = "events flow from now on"
        case .closed:
            disconnect()
            phase = .closed
        case .pollStarted:
            poll = PollUnderWay(isAfterOpening: phase != .closed, isOwed: isPollOwed)
            isPollOwed = false
        case .pollFailed:
            poll = nil
        case .polled(let stations, let isComplete):
            if !isComplete { isPollOwed = true }
            take(stations, &output)
            output.pictures = [self.stations]
        case .pushed(let event):
            check(event.sequence, &output)
            push(event, &output)
        case .fetched(let fetch, let result):
            settle(fetch, result, &output)
        }
        output.fetches = fetches.start(atOnce: limits.fetches)
        if output.pollWanted != nil { isPollOwed = true }
        return output
    }

    /// Whether nothing is being asked that could show another participant.
    var isSettled: Bool { fetches.keys.isEmpty }

    private mutating func disconnect() {
        unannounced = []
        fetches.cancelAll()
        lastSequence = nil
    }

    // MARK: - Polls

    private mutating func take(_ seen: [ParticipantStation], _ output: inout Output) {
        let finished = poll
        poll = nil
        switch phase {
        case .closed:
            stations = seen
        case .following:
            let touched = (finished?.touched ?? []).union(fetches.keys)
            let moved = comesAndGoes(by: seen).subtracting(touched)
            // What comes and goes again was no more than a list that lags behind the events.
            let resolved = unannounced.intersection(moved)
            if finished?.isOwed == false, !isPollOwed { unannounced.formUnion(moved) }
            unannounced.subtract(resolved)
            replace(with: seen, keeping: touched, &output)
        case .opened(let queue):
            stations = seen
            guard finished?.isAfterOpening == true else {
                output.pollWanted = "events have been flowing since before the last poll ended"
                return
            }
            phase = .following
            if queue.hasOverflowed { output.pollWanted = "more events came during the poll than were kept" }
            for key in queue.order { catchUp(key, isRemoved: queue.removed.contains(key), &output) }
        }
    }

    /// The participants that a poll shows and the picture does not, and the other way round, on DNs that both know.
    private func comesAndGoes(by seen: [ParticipantStation]) -> Set<Key> {
        var keys: Set<Key> = []
        let shown = Dictionary(stations.map { ($0.dn, $0) }) { first, _ in first }
        for station in seen where station.isFollowed {
            guard let before = shown[station.dn], before != station else { continue }
            let ids = Set(station.participants.map(\.id)).symmetricDifference(before.participants.map(\.id))
            for id in ids { keys.insert(Key(dn: station.dn, id: id)) }
        }
        return keys
    }

    /// What events told before this poll was over. Also a participant that is gone is asked for, so that one which is
    /// shown by this poll alone is seen before it goes.
    private mutating func catchUp(_ key: Key, isRemoved: Bool, _ output: inout Output) {
        if isRemoved, participant(key) == nil { return }
        if isFollowed(key, &output) { fetch(key, &output) }
    }

    private func isFollowed(_ key: Key, _ output: inout Output) -> Bool {
        if let index = index(of: key.dn) { return stations[index].isFollowed }
        output.pollWanted = "\(key.dn) is a number that no poll has shown"
        return false
    }

    /// `keeping`: what events tell more recently than the poll.
    private mutating func replace(
        with seen: [ParticipantStation], keeping touched: Set<Key>, _ output: inout Output
    ) {
        let known: [Key: Participant] = touched.reduce(into: [:]) { $0[$1] = participant($1) }
        stations = seen
        // In a fixed order, so that the same inputs give the same outputs.
        for key in touched.sorted() {
            let shown = participant(key)
            let kept = known[key]
            guard shown != kept, index(of: key.dn) != nil else { continue }
            set(key, kept)
            fetch(key, &output)
        }
    }

    // MARK: - Events

    private mutating func check(_ sequence: Int64?, _ output: inout Output) {
        guard let sequence else { return }
        if let lastSequence, sequence > lastSequence, sequence - lastSequence > 1 {
            output.pollWanted = "events \(lastSequence + 1) to \(sequence - 1) have not come"
        }
        lastSequence = max(lastSequence ?? sequence, sequence)
    }

    private mutating func push(_ event: CallControlEvent, _ output: inout Output) {
        switch phase {
        case .closed: return
        case .opened(var queue):
            queue.append(event.change, limit: limits.queued)
            phase = .opened(queue)
            return
        case .following: break
        }
        if let key = event.change.key { unannounced.remove(key) }
        switch event.change {
        case .irrelevant: return
        case .unclear(let reason): output.pollWanted = reason
        case .upserted(let key, let attached):
            guard isFollowed(key, &output) else { return }
            touch(key, &output)
            if let attached, isNewest(event.sequence) {
                fetches.cancel(key)
                if set(key, attached) { output.pictures = [stations] }
            } else {
                fetch(key, &output)
            }
        case .removed(let key):
            touch(key, &output)
            if !fetches.gone(key), set(key, nil) { output.pictures = [stations] }
        }
    }

    private mutating func touch(_ key: Key, _ output: inout Output) {
        guard let count = poll?.touched.count else { return }
        if count < limits.queued {
            poll?.touched.insert(key)
        } else {
            output.pollWanted = "more has changed during the poll than was kept"
        }
    }

    /// An event that comes late may bring what is no longer so.
    private func isNewest(_ sequence: Int64?) -> Bool { sequence.map { $0 >= lastSequence ?? $0 } ?? true }

    private mutating func fetch(_ key: Key, _ output: inout Output) {
        guard !fetches.want(key, limit: limits.waiting) else { return }
        output.pollWanted = "more than \(limits.waiting) participants have changed at once"
    }

    private mutating func settle(_ fetch: Fetch, _ result: FetchResult, _ output: inout Output) {
        guard let state = fetches.answered(fetch) else { return }
        touch(fetch.key, &output)
        switch result {
        case .found(let participant):
            if set(fetch.key, participant) { output.pictures = [stations] }
            // A call that rang for a moment is a missed call all the same, and one that was answered for a moment is
            // none.
            if state.isGone, set(fetch.key, nil) { output.pictures.append(stations) }
        case .gone: if set(fetch.key, nil) { output.pictures = [stations] }
        case .failed where state.isGone: if set(fetch.key, nil) { output.pictures = [stations] }
        case .failed:
            output.pollWanted = "participant \(fetch.key.id) of \(fetch.key.dn) cannot be read"
            return
        }
        if state.isOutdated, !state.isGone { self.fetch(fetch.key, &output) }
    }

    // MARK: - The picture

    private func index(of dn: String) -> Int? { stations.firstIndex { $0.dn == dn } }

    private func participant(_ key: Key) -> Participant? {
        index(of: key.dn).flatMap { index in stations[index].participants.first { $0.id == key.id } }
    }

    /// Puts a participant in, changes it, or takes it out; `false` if all is as it was.
    @discardableResult
    private mutating func set(_ key: Key, _ participant: Participant?) -> Bool {
        guard let index = index(of: key.dn) else { return false }
        let place = stations[index].participants.firstIndex { $0.id == key.id }
        switch (place, participant) {
        case (nil, nil): return false
        case (nil, let participant?): stations[index].participants.append(participant)
        case (let place?, nil): stations[index].participants.remove(at: place)
        case (let place?, let participant?):
            guard stations[index].participants[place] != participant else { return false }
            stations[index].participants[place] = participant
        }
        return true
    }
}
