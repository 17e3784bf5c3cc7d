import Domain
package import Ports

/// The calls of a 3CX v20 on the DNs that the API client may see: by polling `GET /callcontrol`, and by the events of
/// `/callcontrol/ws` while it is open (CallControlView+Events).
package actor CallControlView: PhoneSystemView {
    typealias Table = ParticipantTable<CallControlMessages.Participant>

    package let name: String

    let settings: PhoneSystemSettings
    let requests: PhoneSystemRequests
    let owner: TokenOwner
    let clock: any Clock
    let sockets: (any WebSocketOpener)?
    let jitter: @Sendable () -> Double
    let line = PushLine()
    /// Starts to ask for a participant; `nil` while nothing is pushed.
    var startFetch: (@Sendable (Table.Fetch) -> Void)?
    /// Whether the last look was one.
    private(set) var isSeeing = false
    var whenSeeing: CheckedContinuation<Void, Never>?

    private var table = Table()
    private var aggregator: CallControlAggregator
    private var notices = SaidOnce()
    private var lastBody: [UInt8]?
    private var lastStations: [CallControlMessages.FollowedStation] = []
    private var isComplete = true
    private var watched: [String] = []

    static let path = "/callcontrol"

    /// `nil` without client id and secret. Without `sockets`, or with `Bridge.events` off, it polls. `jitter`: gives random numbers
    /// in 0 ..< 1.
    package init?(
        settings: PhoneSystemSettings,
        transport: any HTTPTransport,
        sockets: (any WebSocketOpener)? = nil,
        clock: any Clock,
        jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        guard let clientID = settings.phoneSystem.clientID, let secret = settings.phoneSystem.clientSecret
        else { return nil }
        self.settings = settings
        self.clock = clock
        self.sockets = settings.events ? sockets : nil
        self.jitter = jitter
        name = self.sockets == nil ? "call control (v20, polling)" : "call control (v20, events)"
        aggregator = CallControlAggregator(grace: settings.hangupGrace)
        requests = PhoneSystemRequests(settings, transport)
        owner = TokenOwner(requests: requests, clientID: clientID, clientSecret: secret, clock: clock)
    }

    package func look() async throws(LookFailure) -> Look {
        _ = table.handle(.lookStarted)
        let stations: [CallControlMessages.FollowedStation]
        do throws(LookFailure) {
            stations = try await askForStations()
        } catch {
            _ = table.handle(.lookFailed)
            isSeeing = false
            throw error
        }
        isSeeing = true
        let looks = await take(.looked(stations))
        whenSeeing?.resume()
        whenSeeing = nil
        guard let last = looks.last, line.isOpen else {
            return looks.last ?? Look(snapshot: CallSnapshot(takenAt: clock.now(), calls: [], isComplete: false))
        }
        return Look(snapshot: last.snapshot, isHandedOver: true)
    }

    /// Asks for all DNs.
    private func askForStations() async throws(LookFailure) -> [CallControlMessages.FollowedStation] {
        let response = try await owner.send(.get, Self.path)
        try checkPermission(response)
        if response.body == lastBody { return lastStations }
        let elements = try requests.decode(
            [LossyElement<CallControlMessages.Station>].self, response, .get, Self.path)
        let stations = elements.compactMap(\.value)
        let unreadable =
            elements.count - stations.count + stations.reduce(0) { $0 + $1.participants.count { $0.value == nil } }
        let followed = stations.map(\.followed)
        isComplete = unreadable == 0
        guard isComplete else {
            lastBody = nil
            notices.add(
                Notice(
                    .warning,
                    "\(requests.place(.get, Self.path)): \(unreadable) entries cannot be read; no call ends while it is so"
                ))
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
    func take(_ input: Table.Input) async -> [Look] {
        let output = table.handle(input)
        for fetch in output.fetches { startFetch?(fetch) }
        let now = clock.now()
        let looks = output.pictures.map { picture in
            let calls = aggregator.aggregate(picture, at: now)
            return Look(
                snapshot: CallSnapshot(takenAt: now, calls: calls, isComplete: isComplete, listsLegs: true),
                notices: notices.take())
        }
        if line.isOpen {
            var items = looks.map { PhoneSystemPush.looked($0) }
            if let reason = output.lookWanted { items.append(.lookWanted(reason)) }
            await line.wait(for: line.put(items))
        }
        return looks
    }

    /// A v20 that grants tokens and refuses this lacks a permission or a licence; it does not become an older PBX by it.
    private func checkPermission(_ response: HTTPResponse) throws(LookFailure) {
        let remedy: String
        switch response.status {
        case 401: remedy = "check that no other program uses the same API client: a new token of it ends the bridge's"
        case 403, 404:
            remedy =
                "in 3CX, Admin > Integrations > API: tick \"3CX Call Control API Access\" for this client and add the extensions "
                + "to monitor; the licence must be 8SC+ Enterprise (Pro does not have this interface)"
        default: return
        }
        throw requests.failure(
            .permissionMissing, "call control refused (HTTP \(response.status))", .get, Self.path, remedy: remedy)
    }

    /// Whoever sees no DN sees no call either: that nothing is listed then says nothing about the calls.
    private func checkVisible(_ stations: [CallControlMessages.FollowedStation]) throws(LookFailure) {
        guard visible(stations).isEmpty else { return }
        throw requests.failure(
            .permissionMissing, "the API client sees no extension", .get, Self.path,
            remedy: "in 3CX, Admin > Integrations > API, add the extensions to monitor to this client")
    }

    private func visible(_ stations: [CallControlMessages.FollowedStation]) -> [String] {
        stations.filter(\.isFollowed).map(\.dn)
    }

    private func describe(_ stations: [CallControlMessages.FollowedStation]) {
        let visible = visible(stations)
        guard visible != watched else { return }
        watched = visible
        notices.add(Notice(.info, "watching \(visible.prefix(100).joined(separator: ", "))"))
        for queue in settings.phoneSystem.queueExtensions where !visible.contains(queue) {
            notices.add(
                Notice(
                    .warning,
                    "queue \(queue) is not visible to the API client, so that its calls are seen only when they ring at an agent; "
                        + "add it to the extensions to monitor"))
        }
        if !settings.phoneSystem.groups.isEmpty {
            notices.add(Notice(.info, "3CX.group is not used by call control: the API client's extensions are watched"))
        }
    }
}
