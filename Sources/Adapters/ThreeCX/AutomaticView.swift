package import Domain
package import Ports

/// Chooses the interface by what the PBX answers, says what and why, and chooses again when the PBX no longer has it.
package actor AutomaticView: PhoneSystemView {
    private let settings: PhoneSystemSettings
    private let transport: any HTTPTransport
    private let sockets: (any WebSocketOpener)?
    private let clock: any Clock
    private let requests: PhoneSystemRequests
    /// One for all interfaces of a v20, since a new token ends the one before.
    private let version20: (owner: TokenOwner, access: XAPIAccess)?
    private var chosen: Choice?
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

    private enum Interface: Equatable {
        case legacy
        case version20(callControl: Bool, xapi: Bool)
    }

    private struct Choice {
        var interface: Interface
        var view: any PhoneSystemView
    }

    /// Without `sockets` a 3CX v20 is polled.
    package init(
        settings: PhoneSystemSettings, transport: any HTTPTransport, sockets: (any WebSocketOpener)? = nil,
        clock: any Clock
    ) {
        self.settings = settings
        self.transport = transport
        self.sockets = sockets
        self.clock = clock
        requests = PhoneSystemRequests(settings, transport)
        version20 = TokenOwner.forVersion20(settings.phoneSystem, requests, clock)
    }

    package var name: String {
        get async {
            guard let chosen else { return "auto (not decided yet)" }
            return await chosen.view.name
        }
    }

    package func look() async throws(LookFailure) -> Look {
        guard let version20 else { return try await lookOnce() }
        return try await Look.taken(with: version20.owner) { () async throws(LookFailure) in try await lookOnce() }
    }

    private func lookOnce() async throws(LookFailure) -> Look {
        do {
            var look = try await view().look()
            look.notices = pending + look.notices
            pending = []
            return look
        } catch {
            switch error.kind {
            // After an upgrade of the PBX the old interface is gone, or its path leads to the new web client's start
            // page.
            case .interfaceMissing, .malformedAnswer:
                isDoubtful = true
                version20Answer = nil
            // Perhaps another interface may still be used.
            case .permissionMissing: if case .version20? = chosen?.interface { isDoubtful = true }
            case .unreachable, .credentialsRefused, .configuration, .cancelled: break
            }
            throw error
        }
    }

    private func view() async throws(LookFailure) -> any PhoneSystemView {
        guard let chosen, !isDoubtful else { return try await choose() }
        guard let reviewAt, reviewAt <= clock.now() else { return chosen.view }
        do throws(LookFailure) {
            return try await choose()
        } catch {
            if error.kind == .credentialsRefused { throw error }
            // What is in use works all the same, or tells better itself why not.
            self.reviewAt = clock.now() + settings.groupRefresh
            return chosen.view
        }
    }

    private func choose() async throws(LookFailure) -> any PhoneSystemView {
        let (isVersion20, answer) = try await findVersion()
        guard isVersion20 else {
            isDoubtful = false
            reviewAt = nil
            // The same one keeps its session, and what it knows of the calls under way.
            if let chosen, chosen.interface == .legacy { return chosen.view }
            return await take(
                Choice(interface: .legacy, view: try legacy(answer)), "\(answer), as a 3CX before v20 does")
        }
        guard let (owner, access) = version20 else {
            throw requests.failure(
                .configuration, "\(answer), so that this is a 3CX v20, but there is no API client", .post,
                TokenEndpoint.path,
                remedy: "create one in 3CX (Admin > Integrations > API) and set 3CX.client_id and 3CX.client_secret"
            )
        }
        let interfaces = try await Version20Interfaces.find(owner, access, requests)
        isDoubtful = false
        let interface = Interface.version20(
            callControl: interfaces.callControlRefusal == nil, xapi: interfaces.xapiRefusal == nil)
        let isAll = interface == .version20(callControl: true, xapi: true)
        reviewAt = isAll ? nil : clock.now() + settings.groupRefresh
        if let chosen, chosen.interface == interface { return chosen.view }
        let view = try interfaces.view(
            settings: settings, requests: requests, owner: owner, access: access, sockets: sockets, clock: clock)
        let chosen = await take(Choice(interface: interface, view: view), "\(answer), as a 3CX v20 does")
        pending += interfaces.notices
        return chosen
    }

    private func take(_ choice: Choice, _ reason: String) async -> any PhoneSystemView {
        await stopWatching()
        chosen = choice
        startWatching()
        pending.append(Notice(.info, "using \(await choice.view.name): \(reason)", about: .interface))
        return choice.view
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

    private func findVersion() async throws(LookFailure) -> (isVersion20: Bool, answer: String) {
        if let version20Answer { return (true, version20Answer) }
        let found: (isVersion20: Bool, answer: String)
        if case (let owner, .client)? = version20 {
            found = try await findVersion(by: owner)
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
    ) async throws(LookFailure) -> (isVersion20: Bool, answer: String) {
        do throws(LookFailure) {
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

    private func legacy(_ answer: String) throws(LookFailure) -> any PhoneSystemView {
        guard let view = LegacyView(settings: settings, transport: transport, clock: clock) else {
            throw requests.failure(
                .configuration, "\(answer), so that this is no 3CX v20, but there is no user for an older one", .post,
                TokenEndpoint.path,
                remedy: "check 3CX.host; for a 3CX before v20 set 3CX.user and 3CX.pass")
        }
        return view
    }
}
