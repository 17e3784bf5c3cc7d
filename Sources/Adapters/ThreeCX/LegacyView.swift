import Domain
import Ports
import Wire

/// The active calls of a 3CX before v20, as its web administration lists them: whole calls, the whole PBX.
actor LegacyView: PhoneSystemView {
    let interface = PhoneSystemInterface.legacy
    let name = "\(PhoneSystemInterface.legacy.name) (web administration, before v20)"

    private let settings: PhoneSystemSettings
    private let requests: PhoneSystemRequests
    private let session: LegacySession
    private let clock: any Clock
    private var directory: RefreshedDirectory
    /// The last list that was complete.
    private var last: (content: [UInt8], dialPlan: DialPlan, calls: [ObservedCall])?
    private var notices = SaidOnce()

    static let path = "/api/activeCalls"

    /// `nil` without user and password.
    init?(_ connection: PhoneSystemConnection) {
        settings = connection.settings
        requests = connection.requests
        clock = connection.clock
        guard let user = settings.phoneSystem.user, let password = settings.phoneSystem.password else { return nil }
        directory = RefreshedDirectory(settings)
        session = LegacySession(requests: requests, user: user, password: password, clock: clock)
    }

    func poll() async throws(PollFailure) -> PollResult {
        try await PollResult.taken(with: session) { () async throws(PollFailure) in try await pollOnce() }
    }

    private func pollOnce() async throws(PollFailure) -> PollResult {
        let dialPlan = try await currentDialPlan()
        // What it shows is as old as the question, at most.
        let takenAt = clock.now()
        let response = try await session.send(.get, Self.path)
        // The answer begins with the server's time, which changes with every poll; the list is what counts.
        let content = Self.list(in: response.body)
        if response.status == 200, let last, last.content == content, last.dialPlan == dialPlan {
            return PollResult(snapshot: CallSnapshot(takenAt: takenAt, calls: last.calls), notices: notices.take())
        }
        let list = try requests.decode(LegacyMessages.List<ActiveCallRow>.self, response, .get, Self.path)
        let snapshot = CallSnapshot(
            list.rows, dialPlan, takenAt: takenAt, place: requests.place(.get, Self.path), notices: &notices)
        last = snapshot.isComplete ? (content, dialPlan, snapshot.calls) : nil
        return PollResult(snapshot: snapshot, notices: notices.take())
    }

    func watchList() async -> WatchList? {
        directory.watchList()
    }

    func facts() async -> PhoneSystemFacts {
        var facts = PhoneSystemFacts(dialPlan: directory.last?.dialPlan)
        let path = "/api/SystemStatus"
        do throws(PollFailure) {
            let response = try await session.sendOnce(.get, path)
            facts.serverAhead = ServerDate(response).map { $0.instant - clock.now() }
            let status = try requests.decode(WireFields.self, response, .get, path)
            facts.version = DisplayName.clean(status.text("Version"))
            facts.licence = PhoneSystemFacts.licence(DisplayName.clean(status.text("ProductCode")), status)
        } catch {
            // Not every account may read it; the calls are seen without it.
        }
        facts.groups = await groups()
        return facts
    }

    private func groups() async -> [String] {
        let path = LegacyDirectoryLoader.groupsPath
        do throws(PollFailure) {
            let response = try await session.sendOnce(.get, path)
            return try requests.decode(LegacyMessages.List<LegacyMessages.Group>.self, response, .get, path)
                .readable.map(\.name)
        } catch {
            return []
        }
    }

    func drop(_ call: PBXCallID) async -> CallDropOutcome {
        let path = Self.path + "/drop"
        guard let id = Int64(call.text) else { return .gone }
        do throws(PollFailure) {
            let response = try await session.send(.post, path, body: Array("{\"Id\":\(id)}".utf8))
            return requests.dropOutcome(response, path)
        } catch {
            return .failed(error)
        }
    }

    private func currentDialPlan() async throws(PollFailure) -> DialPlan {
        let now = clock.now()
        if let current = directory.current(at: now) { return current.dialPlan }
        do {
            var loader = LegacyDirectoryLoader(session, requests, settings: settings.phoneSystem)
            let loaded = try await loader.load(previous: directory.last?.dialPlan)
            for notice in directory.loaded(loaded, at: now) { notices.add(notice) }
            return loaded.dialPlan
        } catch {
            let (kept, notice) = try directory.failed(error, at: now)
            notices.add(notice)
            return kept.dialPlan
        }
    }

    private static func list(in body: [UInt8]) -> [UInt8] {
        // It stands within the first bytes, behind the server's time.
        let key = body.prefix(206).firstRange(of: Array("\"list\"".utf8))
        return key.map { Array(body[$0.lowerBound...]) } ?? body
    }
}
