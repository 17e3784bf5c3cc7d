import Domain
import Ports
import Wire

/// The calls of a whole 3CX v20, by polling XAPI's list of active calls, with the directory that says whose they are.
actor XAPIView: PhoneSystemView {
    let interface = PhoneSystemInterface.xapi
    let name = "\(PhoneSystemInterface.xapi.name) (v20)"

    private let settings: PhoneSystemSettings
    private let xapi: XAPIRequests
    private let clock: any Clock
    private var refreshed: RefreshedDirectory
    private var notices = SaidOnce()
    private var clockWarning: StandingWarning?
    /// The calls of the last poll, if they took more than one page.
    private var listedOverPages: Set<PBXCallID> = []

    private static let list = "ActiveCalls"
    static let path = XAPIRequests.root + list

    /// `nil` without the credentials of any login.
    init?(_ connection: PhoneSystemConnection) {
        guard let login = connection.version20 else { return nil }
        settings = connection.settings
        clock = connection.clock
        xapi = XAPIRequests(login)
        refreshed = RefreshedDirectory(settings)
    }

    func emails() async -> [String: String] { refreshed.last?.emails ?? [:] }

    /// As of the directory that was last read.
    func watchList() async -> WatchList? {
        refreshed.watchList(adding: ownWarnings)
    }

    var listsExtensions: Bool { refreshed.last?.listsExtensions ?? false }

    var warnings: [StandingWarning] { refreshed.warnings + ownWarnings }

    private var ownWarnings: [StandingWarning] { clockWarning.map { [$0] } ?? [] }

    /// With the directory as last read.
    func facts() async -> PhoneSystemFacts {
        var facts = await PhoneSystemFacts.ofVersion20(xapi.owner, xapi.requests, clock)
        facts.dialPlan = refreshed.last?.dialPlan
        facts.groups = await groups()
        return facts
    }

    /// Their names; none where they may not be read.
    func groups() async -> [String] {
        do throws(PollFailure) {
            let list = try await xapi.list(XAPIMessages.Group.self, "Groups", select: ["Id", "Number", "Name"]).get()
            return list.readable.compactMap { $0.name ?? $0.number }
        } catch {
            return []
        }
    }

    /// Names, kinds and watched DNs, loaded anew every `group_refresh`; what a load has to say comes with the next
    /// poll.
    func directory() async throws(PollFailure) -> PhoneSystemDirectory {
        let now = clock.now()
        if let current = refreshed.current(at: now) { return current }
        do {
            var loader = XAPIDirectoryLoader(xapi, settings: settings.phoneSystem, previous: refreshed.last)
            let loaded = try await loader.load()
            for notice in refreshed.loaded(loaded, at: now) { notices.add(notice) }
            return loaded
        } catch {
            let (kept, notice) = try refreshed.failed(error, at: now)
            notices.add(notice)
            return kept
        }
    }

    func poll() async throws(PollFailure) -> PollResult {
        try await PollResult.taken(with: xapi.owner) { () async throws(PollFailure) in try await ask() }
    }

    /// As a part of another view's poll, or between two of them, when a rejected login is not tried again.
    func ask() async throws(PollFailure) -> PollResult {
        let dialPlan = try await directory().dialPlan
        // What it shows is no older than the request.
        let takenAt = clock.now()
        let response = try await xapi.owner.send(.get, Self.path)
        let answeredAt = clock.now()
        var list = try await xapi.list(ActiveCallRow.self, startingWith: response, of: Self.path, Self.list).get()
        checkClock(list.readable.lazy.compactMap(\.serverNow).first.flatMap(TimeText.instant), answeredAt)
        let pages = list.pages
        if pages > 1 { list = try await confirmed(list) }
        let snapshot = CallSnapshot(
            list.rows, dialPlan, prefersListedNames: true, takenAt: takenAt,
            place: xapi.requests.place(.get, Self.path),
            notices: &notices)
        listedOverPages = pages > 1 ? Set(snapshot.calls.map(\.id)) : []
        return PollResult(snapshot: snapshot, notices: notices.take())
    }

    func drop(_ call: PBXCallID) async -> CallDropOutcome {
        guard let id = Int64(call.text) else { return .gone }
        let target = "\(Self.path)(\(id))/Pbx.DropCall"
        do throws(PollFailure) {
            return xapi.requests.dropOutcome(try await xapi.owner.send(.post, target), target)
        } catch {
            return .failed(error)
        }
    }

    /// A call that ends while pages are read moves the others up, so that one can slip from one page into the one that
    /// was read already: what seems to have ended is looked for once more.
    private func confirmed(
        _ list: XAPIRequests.List<ActiveCallRow>
    ) async throws(PollFailure) -> XAPIRequests.List<ActiveCallRow> {
        guard !listedOverPages.isSubset(of: list.readable.map(\.id)) else { return list }
        var second = try await xapi.list(ActiveCallRow.self, Self.list).get()
        let seen = Set(second.readable.map(\.id))
        second.rows += list.rows.filter { row in row.value.map { !seen.contains($0.id) } ?? false }
        return second
    }

    /// Ages and times of calls come from this machine's clock.
    private func checkClock(_ server: Instant?, _ now: Instant) {
        guard let server else { return }
        let difference = server - now
        guard difference > .seconds(60) || difference < .seconds(-60) else {
            clockWarning = nil
            return
        }
        // Said once: the difference changes with every poll.
        guard clockWarning == nil else { return }
        let seconds = abs(difference.milliseconds / 1000)
        let warning = StandingWarning(
            .phoneSystem,
            "the clock of 3CX is \(seconds) s \(difference > .zero ? "ahead of" : "behind") that of the bridge",
            remedy: "set both by NTP")
        clockWarning = warning
        notices.add(warning.notice)
    }
}
