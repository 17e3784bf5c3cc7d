import Domain
import Ports
import Wire

/// The calls of a 3CX v20 on the DNs that the API client may see: by polling `GET /callcontrol`, and by the events of
/// `/callcontrol/ws` while it is open (CallControlView+Events).
actor CallControlView: PhoneSystemView {
    /// What an event makes necessary to ask.
    enum Work: Equatable, Sendable {
        case fetch(ParticipantFetches.Fetch)
        case rows
        /// To end the connection, so that another is opened.
        case hangUp
    }

    let interface: PhoneSystemInterface
    let name: String

    let settings: PhoneSystemSettings
    let requests: PhoneSystemRequests
    let owner: TokenOwner
    /// The view of the whole PBX, where XAPI may be used too.
    let whole: XAPIView?
    let clock: any Clock
    let sockets: (any WebSocketOpener)?
    let jitter: @Sendable () -> Double
    /// Who follows what the view says; `nil` while nobody does.
    private var receiver: (@Sendable (PhoneSystemPush) async -> Void)?
    private let turns = Turns()
    /// Starts to ask for something; `nil` while nothing is pushed.
    var startWork: (@Sendable (Work) -> Void)?
    /// Whether the last poll succeeded.
    private(set) var isSeeing = false
    var whenSeeing: CheckedContinuation<Void, Never>?

    var table = ParticipantTable()
    var join = CallJoin()
    /// What is known of the whole PBX.
    var plan: DialPlan?
    /// Why it could not be asked the last time, and until when it is not asked again.
    var wholeFailure: (failure: PollFailure, until: Instant)?
    /// What was watched at the last poll, without the warnings that come and go.
    var watchedLast: (plan: DialPlan, listsExtensions: Bool, list: WatchList)?
    /// That 3CX, or a proxy in front of it, does not let the event socket be opened.
    var socketTrouble: StandingWarning?
    var unreadableRows = 0
    /// Whether the rows are being asked for because of an event.
    var isRefreshing = false
    var isRefreshWanted = false
    /// Whether polls are rare, since what is pushed shows all.
    var isPaceReduced = false
    var trust = PushTrust()
    var socket: (any WebSocket)?
    /// Whether the connection is being ended since it tells nothing.
    var isMute = false
    var lost = LostConversations()
    var isFullPollWanted = true
    /// When the last one that succeeded began.
    var lastFullPoll: Instant?
    private var aggregator: CallControlAggregator
    var notices = SaidOnce()
    private var lastBody: [UInt8]?
    private var lastStations: [ParticipantStation] = []
    private var unreadableEntries = 0
    private var described: [String] = []

    static let path = "/callcontrol"

    /// `nil` without an API client. Without an opener of WebSockets, or with `Bridge.events` off, it polls.
    ///
    /// - Parameters:
    ///   - isJoined: Whether XAPI tells of the whole PBX what the API client's own DNs do not show.
    ///   - jitter: Gives random numbers in 0 ..< 1.
    init?(
        _ connection: PhoneSystemConnection, isJoined: Bool = false,
        jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        guard let login = connection.version20, case .client = login.access else { return nil }
        settings = connection.settings
        requests = connection.requests
        clock = connection.clock
        owner = login.owner
        whole = isJoined ? XAPIView(connection) : nil
        sockets = settings.events ? connection.sockets : nil
        self.jitter = jitter
        interface = isJoined ? .joined : .callControl
        name = "\(interface.name) (v20, \(sockets == nil ? "polling" : "events"))"
        aggregator = CallControlAggregator(
            grace: settings.hangupGrace, voicemail: settings.phoneSystem.voicemailExtensions ?? [])
    }

    func poll() async throws(PollFailure) -> PollResult {
        try await PollResult.taken(with: owner) { () async throws(PollFailure) in try await pollOnce() }
    }

    private func pollOnce() async throws(PollFailure) -> PollResult {
        var isFull = isFullPollDue
        if !isFull {
            await askForRows()
            isFull = !isWholeUsable
        }
        var results: [PollResult] = []
        do throws(PollFailure) {
            results = isFull ? try await fullPoll() : await show([table.stations])
        } catch {
            isFullPollWanted = true
            _ = table.handle(.pollFailed)
            isSeeing = false
            throw error
        }
        isSeeing = true
        whenSeeing?.resume()
        whenSeeing = nil
        if isFull { await judgeEvents() }
        await adjustPace()
        let last = results.last ?? snapshot(of: table.stations, at: clock.now()).result
        return receiver != nil ? PollResult(snapshot: last.snapshot, isHandedOver: true) : last
    }

    private func fullPoll() async throws(PollFailure) -> [PollResult] {
        isFullPollWanted = false
        _ = table.handle(.pollStarted)
        let startedAt = clock.now()
        let stations = try await askForStations()
        await askForRows()
        // What comes while the rows are awaited must not be taken for what this poll has shown.
        lastFullPoll = startedAt
        return await take(.polled(stations, isComplete: unreadableEntries == 0))
    }

    /// While events are followed, polls in between ask for the rows alone. Where polls are rare each is a full one: it
    /// may begin a little sooner than `reconcileInterval` after the last, if that one began late.
    private var isFullPollDue: Bool {
        guard table.phase == .following, isWholeUsable, !isPaceReduced, !isFullPollWanted, let lastFullPoll
        else { return true }
        return clock.now() - lastFullPoll >= settings.reconcileInterval
    }

    /// Asks for all DNs.
    private func askForStations() async throws(PollFailure) -> [ParticipantStation] {
        let response = try await owner.send(.get, Self.path)
        try checkPermission(response)
        if response.body == lastBody { return lastStations }
        let elements = try requests.decode(
            [LossyElement<CallControlMessages.Station>].self, response, .get, Self.path)
        let stations = elements.compactMap(\.value)
        let followed = stations.map(\.followed)
        unreadableEntries =
            elements.count - stations.count + stations.reduce(0) { $0 + $1.participants.count { $0.value == nil } }
        guard unreadableEntries == 0 else {
            lastBody = nil
            notices.add(
                Notice(
                    .warning,
                    "\(requests.place(.get, Self.path)): \(unreadableEntries) entries cannot be read. For 30 s no call "
                        + "ends; after that, only calls that cannot be read stay open"))
            return followed
        }
        try checkVisible(followed)
        lastBody = response.body
        lastStations = followed
        describe(followed)
        return followed
    }

    /// Feeds the table, does what it says, and hands over what it shows if somebody follows.
    ///
    /// - Returns: what it shows.
    @discardableResult
    func take(_ input: ParticipantTable.Input) async -> [PollResult] {
        var output = table.handle(input)
        for fetch in output.fetches { startWork?(.fetch(fetch)) }
        if output.pollWanted != nil { isFullPollWanted = true }
        // What was asked for meanwhile has come, and shows no new leg.
        if output.pictures.isEmpty, let lastFullPoll, canConfirm, lost.areConfirmed(byPollBegunAt: lastFullPoll) {
            output.pictures = [table.stations]
        }
        return await show(output.pictures, pollWanted: output.pollWanted)
    }

    func show(
        _ pictures: [[ParticipantStation]], pollWanted: String? = nil
    ) async -> [PollResult] {
        let now = clock.now()
        var results: [PollResult] = []
        var needsRows = false
        var hasLost = false
        for picture in pictures {
            var (result, needs) = snapshot(of: picture, at: now)
            hasLost = noteEnds(in: &result.snapshot, at: now) || hasLost
            results.append(result)
            needsRows = needsRows || needs
        }
        if pollWanted != nil { isFullPollWanted = true }
        if needsRows { startWork?(.rows) }
        var items = results.map { PhoneSystemPush.snapshot($0) }
        if let pollWanted { items.append(.pollWanted(pollWanted)) }
        if hasLost { items.append(.endDoubted) }
        await say(items)
        return results
    }

    /// `receiver`: who is told from now on; `nil` for nobody.
    func tell(_ receiver: (@Sendable (PhoneSystemPush) async -> Void)?) {
        self.receiver = receiver
    }

    /// Hands over to who follows, in the order of the calls; returns when all of it has been handed over, or nobody
    /// follows any more.
    func say(_ pushes: [PhoneSystemPush]) async {
        guard receiver != nil, !pushes.isEmpty else { return }
        await turns.take { for push in pushes { await receiver?(push) } }
    }

    /// `needsRows`: whether the rows of XAPI would tell something that is open.
    private func snapshot(
        of picture: [ParticipantStation], at now: Instant
    ) -> (result: PollResult, needsRows: Bool) {
        var calls = aggregator.aggregate(picture, at: now)
        var (listsLegs, needsRows) = (true, false)
        if let plan {
            let visible = Set(visible(picture))
            let joined = join.join(calls, visible: visible, watched: watched(visible, plan), plan: plan)
            (calls, listsLegs) = (joined.calls, !joined.listsWholeCalls)
            needsRows = joined.needsRows && isWholeUsable
        }
        // What is polled is as old as the question; what is pushed is of this moment.
        let takenAt = table.phase == .closed ? lastFullPoll ?? now : now
        var snapshot = CallSnapshot(
            takenAt: takenAt, calls: calls, isComplete: unreadableEntries == 0 && unreadableRows == 0,
            listsLegs: listsLegs)
        snapshot.unreadableRows = unreadableEntries + unreadableRows
        return (PollResult(snapshot: snapshot, notices: notices.take()), needsRows)
    }

    static let permissionRemedy =
        "in 3CX, Admin > Integrations > API: tick \"3CX Call Control API Access\" for this client and add the "
        + "extensions to monitor; the licence must be Enterprise, 8SC or larger (Pro does not have this interface)"

    /// A v20 that grants tokens and refuses this lacks a permission or a licence; that does not make it an older PBX.
    private func checkPermission(_ response: HTTPResponse) throws(PollFailure) {
        let remedy: String
        switch response.status {
        case 401: remedy = "check that no other program uses the same API client: a new token of it ends the bridge's"
        case 403, 404:
            remedy = Self.permissionRemedy
        default: return
        }
        throw requests.failure(
            .permissionMissing, "call control refused (HTTP \(response.status))", .get, Self.path, remedy: remedy)
    }

    /// Whoever sees no DN sees no call either: that nothing is listed then says nothing about the calls.
    private func checkVisible(_ stations: [ParticipantStation]) throws(PollFailure) {
        guard visible(stations).isEmpty else { return }
        throw requests.failure(
            .permissionMissing, Self.noExtensions.what, .get, Self.path, remedy: Self.noExtensions.remedy)
    }

    private static let noExtensions = Version20Interfaces.Refusal(
        what: "the API client sees no extension",
        remedy: "in 3CX, Admin > Integrations > API, add the extensions to monitor to this client")

    /// Why call control is of no use to an API client that may use it: it sees no extension. `nil` if it sees one, or
    /// the answer does not say.
    static func lacksExtensions(_ response: HTTPResponse) -> Version20Interfaces.Refusal? {
        guard response.status == 200, response.isJSON else { return nil }
        do {
            let stations = try WireJSON.decode([CallControlMessages.Station].self, from: response.body)
            return stations.contains { $0.followed.isFollowed } ? nil : noExtensions
        } catch {
            return nil
        }
    }

    func visible(_ stations: [ParticipantStation]) -> [String] {
        stations.filter(\.isFollowed).map(\.dn)
    }

    private func describe(_ stations: [ParticipantStation]) {
        let visible = visible(stations)
        guard visible != described else { return }
        described = visible
        notices.add(Notice(.info, "watching \(visible.prefix(100).joined(separator: ", "))", about: .watched))
        let faxes = stations.filter { if case .fax = CallControlType($0.type) { true } else { false } }.map(\.dn)
        if !faxes.isEmpty {
            notices.add(
                Notice(.info, "\(faxes.prefix(30).joined(separator: ", ")) takes faxes: what comes in there is no call")
            )
        }
        guard whole == nil else { return }
        for warning in unseenQueues(Set(visible)) { notices.add(warning.notice) }
        if !settings.phoneSystem.groups.isEmpty {
            notices.add(Notice(.info, "3CX.group is not used by call control: the API client's extensions are watched"))
        }
    }
}
