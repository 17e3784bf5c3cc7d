/// Keeps the picture of a PBX that is looked at as a whole from time to time, and that tells single changes in between.
///
/// ```
///              opened                     looked (begun since)
///   closed ─────────────▶ opened ───────────────────────────────▶ following
///     ▲  ▲                  │  events wait for that poll               │  ▲ │ events count at once
///     │  └──────closed──────┘                                          │  └─┘
///     └────────────────────────────closed──────────────────────────────┘
/// ```
///
/// What the picture does not say. An event mostly names a participant without telling what it is like, so that it has
/// to be fetched: one at a time per participant, so that a late answer cannot overwrite a newer one; an event that
/// comes meanwhile has it fetched again. One that is gone before the answer arrives goes with it: what it was like is
/// shown for a moment. A poll takes a while: what events have touched since it began is newer than what it shows, stays
/// as it is, and is fetched again where both differ. Events may be missing, doubled or out of order; a gap in their
/// sequence, a DN that no poll has shown and an answer that cannot be read all make a poll wanted, and so do so many
/// changes at once that one poll is cheaper than fetching them all. While nothing is pushed a poll replaces all. What a
/// poll shows, or no longer shows, although no event has told of it and none is known to be missing, is `unannounced`
/// until one does, or a poll shows again what events have told.
package struct ParticipantTable<Participant: Hashable & Sendable & Codable>: Equatable, Sendable, Codable {
    package typealias Key = ParticipantKey
    package typealias Event = PushedEvent<Participant>

    package struct Limits: Equatable, Sendable, Codable {
        /// Questions under way at the same time.
        package var fetches = 8
        /// Participants that wait to be fetched; beyond, all are looked at instead.
        package var waiting = 64
        /// Participants whose events wait for a poll, or are newer than it; beyond, another poll follows it.
        package var queued = 4096

        package init() {}
    }

    package enum Phase: Equatable, Sendable, Codable {
        /// Nothing is pushed. Successor: `opened`.
        case closed
        /// Events are pushed, and wait for a poll that began after the connection. Successors: `following`, `closed`.
        case opened(Queue)
        /// The picture is kept up to date by events. Successors: `opened` by a new connection, `closed`.
        case following
    }

    /// The participants that events have named, each once, in the order of the first.
    package struct Queue: Equatable, Sendable, Codable {
        var order: [Key] = []
        var named: Set<Key> = []
        /// Those whose last event said that they are gone.
        var removed: Set<Key> = []
        var hasOverflowed = false
    }

    /// A question for the state of one participant.
    package struct Fetch: Hashable, Sendable, Codable {
        package let key: Key
        let ticket: UInt64
    }

    package enum FetchResult: Equatable, Sendable, Codable {
        case found(Participant)
        case gone
        /// No answer, or one that cannot be read.
        case failed
    }

    package enum Input: Equatable, Sendable, Codable {
        case opened
        case closed
        case lookStarted
        /// `isComplete`: whether all that the poll was given could be read.
        case looked([ParticipantStation<Participant>], isComplete: Bool = true)
        case lookFailed
        case pushed(Event)
        case fetched(Fetch, FetchResult)
    }

    package struct Output: Equatable, Sendable, Codable {
        /// What the PBX looks like now, one after the other where more than one thing has happened; none where nothing
        /// has changed. A poll always gives one.
        package var pictures: [[ParticipantStation<Participant>]] = []
        /// What is to be asked now.
        package var fetches: [Fetch] = []
        /// Why a poll that begins from now on is wanted.
        package var lookWanted: String?

        package init(
            pictures: [[ParticipantStation<Participant>]] = [], fetches: [Fetch] = [], lookWanted: String? = nil
        ) {
            self.pictures = pictures
            self.fetches = fetches
            self.lookWanted = lookWanted
        }
    }

    private struct UnderWay: Equatable, Sendable, Codable {
        var ticket: UInt64
        /// Whether an event has come since it was asked.
        var isOutdated = false
        /// Whether the participant is gone since.
        var isGone = false
    }

    private struct LookUnderWay: Equatable, Sendable, Codable {
        /// Whether the connection was there already when the poll began.
        var isAfterOpening: Bool
        /// Whether it was wanted because events are missing.
        var isOwed: Bool
        /// What events have changed since.
        var touched: Set<Key> = []
    }

    package let limits: Limits
    package private(set) var stations: [ParticipantStation<Participant>] = []
    package private(set) var phase = Phase.closed
    /// Participants that have come or gone without an event, by what polls show.
    package private(set) var unannounced: Set<Key> = []
    private var look: LookUnderWay?
    /// Whether something has happened that the next poll explains.
    private var isLookOwed = false
    private var lastSequence: Int64?
    private var underWay: [Key: UnderWay] = [:]
    private var waiting: [Key] = []
    private var lastTicket: UInt64 = 0
    /// Where a DN is in `stations`.
    private var position: [String: Int] = [:]

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    package mutating func handle(_ input: Input) -> Output {
        var output = Output()
        switch input {
        case .opened:
            disconnect()
            phase = .opened(Queue())
            look?.isAfterOpening = false
            output.lookWanted = "events flow from now on"
        case .closed:
            disconnect()
            phase = .closed
        case .lookStarted:
            let isOpen = if case .closed = phase { false } else { true }
            look = LookUnderWay(isAfterOpening: isOpen, isOwed: isLookOwed)
            isLookOwed = false
        case .lookFailed:
            look = nil
        case .looked(let stations, let isComplete):
            if !isComplete { isLookOwed = true }
            take(stations, &output)
        case .pushed(let event):
            check(event.sequence, &output)
            push(event, &output)
        case .fetched(let fetch, let result):
            settle(fetch, result, &output)
        }
        startFetches(&output)
        if output.lookWanted != nil { isLookOwed = true }
        return output
    }

    /// Whether nothing is being asked that could show another participant.
    package var isSettled: Bool { underWay.isEmpty && waiting.isEmpty }

    private mutating func disconnect() {
        unannounced = []
        underWay = [:]
        waiting = []
        lastSequence = nil
    }

    // MARK: - Polls

    private mutating func take(_ seen: [ParticipantStation<Participant>], _ output: inout Output) {
        let finished = look
        look = nil
        switch phase {
        case .closed:
            replace(with: seen)
            output.pictures = [stations]
        case .following:
            let touched = (finished?.touched ?? []).union(underWay.keys).union(waiting)
            let moved = comesAndGoes(by: seen).subtracting(touched)
            // What comes and goes again was no more than a list that lags behind the events.
            let resolved = unannounced.intersection(moved)
            if finished?.isOwed == false, !isLookOwed { unannounced.formUnion(moved) }
            unannounced.subtract(resolved)
            replace(with: seen, keeping: touched, &output)
            output.pictures = [stations]
        case .opened(let queue):
            replace(with: seen)
            output.pictures = [stations]
            guard finished?.isAfterOpening == true else {
                output.lookWanted = "events have been flowing since before the last poll ended"
                return
            }
            phase = .following
            if queue.hasOverflowed { output.lookWanted = "more events came during the poll than were kept" }
            for key in queue.order { catchUp(key, isRemoved: queue.removed.contains(key), &output) }
        }
    }

    /// The participants that a poll shows and the picture does not, and the other way round, on DNs that both know.
    private func comesAndGoes(by seen: [ParticipantStation<Participant>]) -> Set<Key> {
        var keys: Set<Key> = []
        for station in seen where station.isFollowed {
            guard let index = position[station.dn], stations[index] != station else { continue }
            let ids = Set(station.members.map(\.id)).symmetricDifference(stations[index].members.map(\.id))
            for id in ids { keys.insert(Key(dn: station.dn, id: id)) }
        }
        return keys
    }

    private mutating func replace(with seen: [ParticipantStation<Participant>]) {
        let showsSameDNs = seen.count == stations.count && zip(seen, stations).allSatisfy { $0.dn == $1.dn }
        stations = seen
        guard !showsSameDNs else { return }
        position = [:]
        for (index, station) in seen.enumerated() where position[station.dn] == nil { position[station.dn] = index }
    }

    /// What events told before this poll was over. Also a participant that is gone is asked for, so that one which is
    /// shown by this poll alone is seen before it goes.
    private mutating func catchUp(_ key: Key, isRemoved: Bool, _ output: inout Output) {
        if isRemoved, participant(key) == nil { return }
        guard let index = position[key.dn] else {
            output.lookWanted = Self.unknown(key)
            return
        }
        if stations[index].isFollowed { fetch(key, &output) }
    }

    private static func unknown(_ key: Key) -> String { "\(key.dn) is a number that no poll has shown" }

    /// `keeping`: what events tell more recently than the poll.
    private mutating func replace(
        with seen: [ParticipantStation<Participant>], keeping touched: Set<Key>, _ output: inout Output
    ) {
        let known = touched.reduce(into: [:]) { $0[$1] = participant($1) }
        replace(with: seen)
        // In a fixed order, so that the same inputs give the same outputs.
        for key in touched.sorted(by: { ($0.dn, $0.id) < ($1.dn, $1.id) }) {
            let shown = participant(key)
            let kept = known[key] ?? nil
            guard shown != kept, position[key.dn] != nil else { continue }
            set(key, kept)
            fetch(key, &output)
        }
    }

    // MARK: - Events

    private mutating func check(_ sequence: Int64?, _ output: inout Output) {
        guard let sequence else { return }
        if let lastSequence, sequence > lastSequence, sequence - lastSequence > 1 {
            output.lookWanted = "events \(lastSequence + 1) to \(sequence - 1) have not come"
        }
        lastSequence = max(lastSequence ?? sequence, sequence)
    }

    private mutating func push(_ event: Event, _ output: inout Output) {
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
        case .unclear(let reason): output.lookWanted = reason
        case .upserted(let key, let attached):
            guard let index = position[key.dn] else {
                output.lookWanted = Self.unknown(key)
                return
            }
            guard stations[index].isFollowed else { return }
            touch(key, &output)
            if let attached, isNewest(event.sequence) {
                underWay[key] = nil
                waiting.removeAll { $0 == key }
                if set(key, attached) { output.pictures = [stations] }
            } else {
                fetch(key, &output)
            }
        case .removed(let key):
            touch(key, &output)
            waiting.removeAll { $0 == key }
            if underWay[key] != nil {
                underWay[key]?.isGone = true
            } else if set(key, nil) {
                output.pictures = [stations]
            }
        }
    }

    private mutating func touch(_ key: Key, _ output: inout Output) {
        guard let count = look?.touched.count else { return }
        if count < limits.queued {
            look?.touched.insert(key)
        } else {
            output.lookWanted = "more has changed during the poll than was kept"
        }
    }

    /// An event that comes late may bring what is no longer so.
    private func isNewest(_ sequence: Int64?) -> Bool {
        guard let sequence, let lastSequence else { return true }
        return sequence >= lastSequence
    }

    private mutating func fetch(_ key: Key, _ output: inout Output) {
        if underWay[key] != nil {
            underWay[key]?.isOutdated = true
            underWay[key]?.isGone = false
            return
        }
        guard !waiting.contains(key) else { return }
        guard waiting.count < limits.waiting else {
            waiting = []
            output.lookWanted = "more than \(limits.waiting) participants have changed at once"
            return
        }
        waiting.append(key)
    }

    private mutating func settle(_ fetch: Fetch, _ result: FetchResult, _ output: inout Output) {
        guard let state = underWay[fetch.key], state.ticket == fetch.ticket else { return }
        underWay[fetch.key] = nil
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
            output.lookWanted = "participant \(fetch.key.id) of \(fetch.key.dn) cannot be read"
            return
        }
        if state.isOutdated, !state.isGone { self.fetch(fetch.key, &output) }
    }

    private mutating func startFetches(_ output: inout Output) {
        let count = min(waiting.count, max(0, limits.fetches - underWay.count))
        for key in waiting.prefix(count) {
            lastTicket += 1
            underWay[key] = UnderWay(ticket: lastTicket)
            output.fetches.append(Fetch(key: key, ticket: lastTicket))
        }
        waiting.removeFirst(count)
    }

    // MARK: - The picture

    private func participant(_ key: Key) -> Participant? {
        guard let index = position[key.dn] else { return nil }
        return stations[index].members.first { $0.id == key.id }?.participant
    }

    /// Puts a participant in, changes it, or takes it out; `false` if all is as it was.
    @discardableResult
    private mutating func set(_ key: Key, _ participant: Participant?) -> Bool {
        guard let index = position[key.dn] else { return false }
        let place = stations[index].members.firstIndex { $0.id == key.id }
        switch (place, participant) {
        case (nil, nil): return false
        case (nil, let participant?): stations[index].members.append(.init(id: key.id, participant: participant))
        case (let place?, nil): stations[index].members.remove(at: place)
        case (let place?, let participant?):
            guard stations[index].members[place].participant != participant else { return false }
            stations[index].members[place].participant = participant
        }
        return true
    }
}

extension ParticipantTable.Queue {
    fileprivate mutating func append(_ change: PushedEvent<Participant>.Change, limit: Int) {
        // Of all else the poll that is awaited tells.
        guard let key = change.key else { return }
        if named.contains(key) {
            removed.remove(key)
        } else if order.count < limit {
            order.append(key)
            named.insert(key)
        } else {
            hasOverflowed = true
            return
        }
        if case .removed = change { removed.insert(key) }
    }
}
