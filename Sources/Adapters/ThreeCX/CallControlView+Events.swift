import Domain
import Ports
import Wire

/// The event socket of a 3CX v20: what it says goes into the table, and what it leaves open is asked.
extension CallControlView {
    /// A connection that lasted so long was one; the next is tried soon.
    private static let stableAfter: Duration = .seconds(10)
    static let socketPath = "/callcontrol/ws"

    func watch(_ push: @escaping @Sendable (PhoneSystemPush) async -> Void) async {
        guard let sockets else { return }
        tell(push)
        defer { tell(nil) }
        var said: SocketTrouble?
        var failures = 0
        // A token that polls can use and the socket cannot is no reason to mint more than one.
        var mayRefuse = true
        while !Task.isCancelled {
            // While polls fail, the socket would fail as well; and each attempt to log in counts against the account.
            await waitUntilSeeing()
            if Task.isCancelled { return }
            let beganAt = clock.now()
            let trouble = await follow(sockets, mayRefuse: mayRefuse)
            if Task.isCancelled { return }
            mayRefuse = if case .refused(let failure) = trouble { failure.kind != .refused(status: 401) } else { true }
            // One that was mute is no better for having lasted.
            if case .lost = trouble, clock.now() - beganAt >= Self.stableAfter { failures = 0 }
            failures += 1
            if trouble != said, let words = describe(trouble) { await say([.notice(Notice(.warning, words))]) }
            said = trouble
            socketTrouble = standing(trouble)
            let delay = Backoff.eventSocket.delay(afterFailures: failures, jitter: jitter())
            do { try await clock.sleep(until: clock.now() + delay) } catch { return }
        }
    }

    /// Why nothing is pushed.
    private enum SocketTrouble: Equatable {
        case noToken(PollFailure)
        case refused(WebSocketFailure)
        case lost(WebSocketFailure)
        /// It was ended since it told nothing; the poll that showed it has said so.
        case mute
    }

    /// Opens the socket and follows it until it ends.
    private func follow(_ sockets: any WebSocketOpener, mayRefuse: Bool) async -> SocketTrouble {
        let token: AccessToken
        do {
            token = try await owner.token()
        } catch {
            return .noToken(error)
        }
        let socket: any WebSocket
        do {
            let request = WebSocketRequest(
                url: requests.host + Self.socketPath, headers: ["Authorization": "Bearer \(token.bearer)"],
                timeout: requests.timeout)
            socket = try await sockets.open(request)
        } catch {
            if mayRefuse, error.kind == .refused(status: 401) { await owner.refused(token) }
            return .refused(error)
        }
        self.socket = socket
        let failure = await receive(from: socket)
        self.socket = nil
        await socket.close()
        if isMute {
            isMute = false
            return .mute
        }
        return .lost(failure)
    }

    private func receive(from socket: any WebSocket) async -> WebSocketFailure {
        let (works, feed) = AsyncStream.makeStream(of: Work.self)
        async let working: Void = withDiscardingTaskGroup { group in
            // No more at once than the table allows, and one for the rows.
            for await work in works { group.addTask { await self.perform(work) } }
        }
        await connected { work in feed.yield(work) }
        var failure: WebSocketFailure
        do {
            while true { await received(try await socket.receive()) }
        } catch {
            failure = error
        }
        feed.finish()
        await disconnected()
        await working
        return failure
    }

    // MARK: - One step at a time

    /// The socket is open. `startWork`: is told what to `perform`, at once or later.
    func connected(startWork: @escaping @Sendable (Work) -> Void) async {
        self.startWork = startWork
        socketTrouble = nil
        let interval = settings.reconcileInterval.milliseconds / 1000
        let notice = Notice(
            .info, "3CX pushes events (\(Self.socketPath)); a full poll every \(interval) s checks them")
        await say([.notice(notice)])
        await take(.opened)
        await adjustPace()
    }

    /// A message has come.
    func received(_ message: [UInt8]) async {
        let event = CallControlEvent.decode(message)
        // Also before the first poll on the connection is over: one that tells something is not mute.
        if event.change.key != nil { trust.announced() }
        await take(.pushed(event))
    }

    func disconnected() async {
        startWork = nil
        trust.disconnected()
        await take(.closed)
        await adjustPace()
    }

    /// A full poll is over: it shows whether events have told all. A connection that has not is ended, for another to
    /// be opened.
    func judgeEvents() async {
        guard table.phase == .following else { return }
        let isNew = !trust.isOnProbation
        let overdue = trust.polled(unannounced: table.unannounced, at: clock.now())
        guard let first = overdue.first else { return }
        isMute = socket != nil
        startWork?(.hangUp)
        let notice = Notice(
            isNew ? .warning : .debug,
            "the event socket is open and does not report what happens: participant \(first.id) of \(first.dn) has "
                + "come or gone without an event (\(requests.place(.get, Self.socketPath))); it is opened again, "
                + "and 3CX is polled every \(Self.seconds(settings.pollInterval)) s until events have matched "
                + "what polls show for \(Self.seconds(PushTrust.probation)) s; if this happens again, check for a "
                + "proxy in front of 3CX that holds back the messages of WebSockets")
        await say([.notice(notice)])
    }

    /// Polls are rare while what is pushed shows all that is watched.
    func adjustPace() async {
        let shallReduce = table.phase != .closed && trust.isTrusted && !hasWatchedOutOfSight
        guard shallReduce != isPaceReduced else { return }
        isPaceReduced = shallReduce
        await say([shallReduce ? .began : .ended])
    }

    func perform(_ work: Work) async {
        switch work {
        case .fetch(let fetch): await take(.fetched(fetch, result(of: fetch.key)))
        case .rows: await refreshRows()
        case .hangUp: await socket?.close()
        }
    }

    private func result(of key: ParticipantKey) async -> ParticipantTable.FetchResult {
        let path = "\(Self.path)/\(key.dn.percentEncoded)/participants/\(key.id)"
        do {
            let response = try await owner.send(.get, path)
            if response.status == 404 { return .gone }
            let participant = try requests.decode(CallControlMessages.Participant.self, response, .get, path)
            guard participant.id == key.id else { return .failed }
            return participant.isLeg ? .found(participant) : .gone
        } catch {
            return .failed
        }
    }

    // MARK: - What is said

    /// `nil` where all is said.
    private func describe(_ trouble: SocketTrouble) -> String? {
        let place = requests.place(.get, Self.socketPath)
        let meanwhile = "3CX is polled every \(Self.seconds(settings.pollInterval)) s meanwhile"
        switch trouble {
        case .mute: return nil
        case .noToken(let failure):
            return "no token for the event socket: \(failure); \(meanwhile)"
        case .lost(let failure):
            return "the event socket has ended: \(failure.detail); \(meanwhile), and it is opened again"
        case .refused(let failure):
            guard case .refused(let status) = failure.kind else {
                return "3CX does not push events: \(failure.detail); \(meanwhile); \(failure.remedy)"
            }
            let remedy =
                switch status {
                case 401: "check that no other program uses the same API client"
                case 403, 404:
                    "let a proxy in front of 3CX pass WebSockets (Upgrade), and tick \"3CX Call Control API Access\" "
                        + "for this client in Admin > Integrations > API"
                default: "let a proxy in front of 3CX pass WebSockets (Upgrade)"
                }
            return "3CX does not push events: HTTP \(status) at \(place); \(meanwhile); \(remedy)"
        }
    }

    /// A connection that is lost or cannot be made is tried again by itself; what answers and refuses does so until
    /// somebody acts.
    private func standing(_ trouble: SocketTrouble) -> StandingWarning? {
        guard case .refused(let failure) = trouble, case .refused(let status) = failure.kind, status < 500 else {
            return nil
        }
        return StandingWarning(
            .phoneSystem, "3CX does not push events (HTTP \(status)), so that it is polled",
            remedy: "let a proxy in front of 3CX pass WebSockets (Upgrade), or write Bridge.events: false")
    }

    private static func seconds(_ duration: Duration) -> String {
        let milliseconds = duration.milliseconds
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)" : "\(Double(milliseconds) / 1000)"
    }

    private func waitUntilSeeing() async {
        guard !isSeeing else { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if isSeeing || Task.isCancelled { continuation.resume() } else { whenSeeing = continuation }
            }
        } onCancel: {
            Task { await self.stopWaiting() }
        }
    }

    private func stopWaiting() {
        whenSeeing?.resume()
        whenSeeing = nil
    }
}

extension Backoff {
    /// 1 … 60 s between attempts to open the event socket: the PBX is polled meanwhile, so that nothing hurries.
    static let eventSocket = Backoff(schedule: [1, 2, 4, 8, 16, 32, 40].map { .seconds($0) }, spread: 1...1.5)
}

/// The ends of answered calls, while events are followed: a call without legs is looked after at once and a moment
/// later.
extension CallControlView {
    /// Whether a poll tells that a call without legs is over: not while something is asked, or missing, that could show
    /// another leg.
    var canConfirm: Bool {
        settings.confirmsEnds && table.phase == .following && table.isSettled && !isFullPollWanted
    }

    /// Puts into the snapshot which answered calls are over for certain.
    ///
    /// - Returns: whether a call has lost its last leg.
    func noteEnds(in snapshot: inout CallSnapshot, at now: Instant) -> Bool {
        guard settings.confirmsEnds, snapshot.listsLegs, table.phase == .following else {
            lost.forget()
            return false
        }
        // What an incomplete snapshot does not show may be there all the same.
        guard snapshot.isComplete else { return false }
        let hasLost = lost.shown(snapshot.calls, at: now)
        if canConfirm, let lastFullPoll { snapshot.confirmedGone = lost.confirm(byPollBegunAt: lastFullPoll) }
        return hasLost
    }
}
