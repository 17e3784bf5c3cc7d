package import Domain
package import Ports

/// Chooses the interface by what the PBX answers, says what and why, and chooses again when the PBX no longer has it.
package actor AutomaticView: PhoneSystemView {
    private let connection: PhoneSystemConnection
    private var requests: PhoneSystemRequests { connection.requests }
    private var clock: any Clock { connection.clock }
    private var chosen: (interface: PhoneSystemInterface, view: any PhoneSystemView)?
    /// What has shown that this is a v20, until it is in doubt: not asked again when a login is tried again.
    private var version20Answer: String?
    /// Whether to ask again which interface the PBX has.
    private var isDoubtful = false
    /// When to see whether more may be used by now.
    private var reviewAt: Instant?
    private var pending: [Notice] = []
    /// Where the chosen view's own news go, while somebody watches.
    private var push: (@Sendable (PhoneSystemPush) async -> Void)?
    private var watching: Task<Void, Never>?

    package init(_ connection: PhoneSystemConnection) {
        self.connection = connection
    }

    package var interface: PhoneSystemInterface { chosen?.interface ?? .automatic }

    package var name: String {
        get async {
            guard let chosen else { return "auto (not decided yet)" }
            return await chosen.view.name
        }
    }

    package func poll() async throws(PollFailure) -> PollResult {
        guard let login = connection.version20 else { return try await pollOnce() }
        return try await PollResult.taken(with: login.owner) { () async throws(PollFailure) in try await pollOnce() }
    }

    private func pollOnce() async throws(PollFailure) -> PollResult {
        do {
            var poll = try await view().poll()
            poll.notices = pending + poll.notices
            pending = []
            return poll
        } catch {
            switch error.kind {
            // After an upgrade of the PBX the old interface is gone, or its path leads to the new web client's start
            // page.
            case .interfaceMissing, .malformedAnswer:
                isDoubtful = true
                version20Answer = nil
            // Perhaps another interface may still be used.
            case .permissionMissing: if let chosen, chosen.interface != .legacy { isDoubtful = true }
            case .unreachable, .credentialsRefused, .configuration, .cancelled: break
            }
            throw error
        }
    }

    private func view() async throws(PollFailure) -> any PhoneSystemView {
        guard let chosen, !isDoubtful else { return try await choose() }
        guard let reviewAt, reviewAt <= clock.now() else { return chosen.view }
        do throws(PollFailure) {
            return try await choose()
        } catch {
            if error.kind == .credentialsRefused { throw error }
            // What is in use works all the same, or tells better itself why not.
            self.reviewAt = clock.now() + connection.settings.groupRefresh
            return chosen.view
        }
    }

    private func choose() async throws(PollFailure) -> any PhoneSystemView {
        let (isVersion20, answer) = try await findVersion()
        guard isVersion20 else {
            isDoubtful = false
            reviewAt = nil
            // The same one keeps its session, and what it knows of the calls under way.
            if let chosen, chosen.interface == .legacy { return chosen.view }
            guard let view = await take(.legacy, "\(answer), as a 3CX before v20 does") else {
                throw requests.failure(
                    .configuration, "\(answer), so that this is no 3CX v20, but there is no user for an older one",
                    .post, TokenEndpoint.path,
                    remedy: "check 3CX.host; for a 3CX before v20 set 3CX.user and 3CX.pass")
            }
            return view
        }
        guard let login = connection.version20 else {
            throw requests.failure(
                .configuration, "\(answer), so that this is a 3CX v20, but there is no API client", .post,
                TokenEndpoint.path,
                remedy: "create one in 3CX (Admin > Integrations > API) and set 3CX.client_id and 3CX.client_secret"
            )
        }
        let interfaces = try await Version20Interfaces.find(login)
        isDoubtful = false
        reviewAt = interfaces.usable == .joined ? nil : clock.now() + connection.settings.groupRefresh
        if let chosen, chosen.interface == interfaces.usable { return chosen.view }
        guard let interface = interfaces.usable, let view = await take(interface, "\(answer), as a 3CX v20 does") else {
            throw interfaces.failure(requests)
        }
        pending += interfaces.notices
        return view
    }

    /// `nil` without the credentials.
    private func take(_ interface: PhoneSystemInterface, _ reason: String) async -> (any PhoneSystemView)? {
        guard let view = interface.view(connection) else { return nil }
        await stopWatching()
        chosen = (interface, view)
        startWatching()
        pending.append(Notice(.info, "using \(await view.name): \(reason)", about: .interface))
        return view
    }

    package func emails() async -> [String: String] {
        await chosen?.view.emails() ?? [:]
    }

    package func watchList() async -> WatchList? {
        await chosen?.view.watchList()
    }

    package func facts() async -> PhoneSystemFacts {
        await chosen?.view.facts() ?? PhoneSystemFacts()
    }

    package func drop(_ call: PBXCallID) async -> CallDropOutcome {
        guard let view = chosen?.view else {
            return .failed(
                requests.failure(
                    .unreachable, "it is not known yet which interface 3CX has", .post, TokenEndpoint.path,
                    remedy: "nothing to do if the bridge has just started"))
        }
        return await view.drop(call)
    }

    package func watch(_ push: @escaping @Sendable (PhoneSystemPush) async -> Void) async {
        self.push = push
        startWatching()
        await Task.untilCancelled()
        self.push = nil
        await stopWatching()
    }

    private func startWatching() {
        guard let push, let view = chosen?.view, watching == nil else { return }
        watching = Task(executorPreference: EventLoopExecutor.current) { await view.watch(push) }
    }

    private func stopWatching() async {
        watching?.cancel()
        await watching?.value
        watching = nil
    }

    private func findVersion() async throws(PollFailure) -> (isVersion20: Bool, answer: String) {
        if let version20Answer { return (true, version20Answer) }
        let found: (isVersion20: Bool, answer: String)
        if let login = connection.version20, case .client = login.access {
            found = try await findVersion(by: login.owner)
        } else {
            found = try await TokenEndpoint.findVersion(requests)
        }
        if found.isVersion20 { version20Answer = found.answer }
        return found
    }

    /// By the API client's own login, which goes to an address that only a v20 has: a question beside it would be one
    /// rejected login more where the secret is wrong.
    private func findVersion(
        by owner: TokenOwner
    ) async throws(PollFailure) -> (isVersion20: Bool, answer: String) {
        do throws(PollFailure) {
            try await owner.logInAnew()
            return (true, "\(TokenEndpoint.path) gives a token")
        } catch {
            switch error.kind {
            case .interfaceMissing: return (false, "\(TokenEndpoint.path) answered \(error.what)")
            case .credentialsRefused:
                version20Answer = "\(TokenEndpoint.path) refuses the API client"
                throw error
            default: throw error
            }
        }
    }
}
