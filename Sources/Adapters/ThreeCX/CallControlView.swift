import Domain
package import Ports

/// The calls of a 3CX v20 on the DNs that the API client may see, by polling `GET /callcontrol`.
package actor CallControlView: PhoneSystemView {
    package let name = "call control (v20, polling)"

    private let settings: PhoneSystemSettings
    private let requests: PhoneSystemRequests
    private let owner: TokenOwner
    private let clock: any Clock
    private var aggregator: CallControlAggregator
    private var notices = SaidOnce()
    private var lastBody: [UInt8]?
    private var lastStations: [CallControlMessages.Station] = []
    private var watched: [String] = []

    private let path = "/callcontrol"

    /// `nil` without client id and secret.
    package init?(settings: PhoneSystemSettings, transport: any HTTPTransport, clock: any Clock) {
        guard let clientID = settings.phoneSystem.clientID, let secret = settings.phoneSystem.clientSecret
        else { return nil }
        self.settings = settings
        self.clock = clock
        aggregator = CallControlAggregator(grace: settings.hangupGrace)
        requests = PhoneSystemRequests(settings, transport)
        owner = TokenOwner(requests: requests, clientID: clientID, clientSecret: secret, clock: clock)
    }

    package func look() async throws(LookFailure) -> Look {
        let response = try await owner.send(.get, path)
        let takenAt = clock.now()
        try checkPermission(response)
        if response.body != lastBody {
            let elements = try requests.decode([LossyElement<CallControlMessages.Station>].self, response, .get, path)
            let stations = elements.compactMap(\.value)
            let unreadable =
                elements.count - stations.count + stations.reduce(0) { $0 + $1.participants.count { $0.value == nil } }
            guard unreadable == 0 else { return incomplete(stations, unreadable, at: takenAt) }
            try checkVisible(stations)
            lastBody = response.body
            lastStations = stations
            describe(stations)
        }
        let calls = aggregator.aggregate(lastStations, at: takenAt)
        return Look(snapshot: CallSnapshot(takenAt: takenAt, calls: calls, listsLegs: true), notices: notices.take())
    }

    private func incomplete(_ stations: [CallControlMessages.Station], _ unreadable: Int, at takenAt: Instant) -> Look {
        lastBody = nil
        notices.add(
            Notice(
                .warning,
                "\(requests.place(.get, path)): \(unreadable) entries cannot be read; no call ends while it is so"))
        let calls = aggregator.aggregate(stations, at: takenAt)
        return Look(
            snapshot: CallSnapshot(takenAt: takenAt, calls: calls, isComplete: false, listsLegs: true),
            notices: notices.take())
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
            .permissionMissing, "call control refused (HTTP \(response.status))", .get, path, remedy: remedy)
    }

    /// Whoever sees no DN sees no call either: that nothing is listed then says nothing about the calls.
    private func checkVisible(_ stations: [CallControlMessages.Station]) throws(LookFailure) {
        guard visible(stations).isEmpty else { return }
        throw requests.failure(
            .permissionMissing, "the API client sees no extension", .get, path,
            remedy: "in 3CX, Admin > Integrations > API, add the extensions to monitor to this client")
    }

    private func visible(_ stations: [CallControlMessages.Station]) -> [String] {
        stations.filter { if case .routePoint = CallControlType($0.type) { false } else { true } }.map(\.dn)
    }

    private func describe(_ stations: [CallControlMessages.Station]) {
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
