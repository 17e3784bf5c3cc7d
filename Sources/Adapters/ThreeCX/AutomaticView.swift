import Domain
package import Ports

/// Chooses the interface by what the PBX answers, says what and why, and chooses again when the PBX no longer has it.
package actor AutomaticView: PhoneSystemView {
    private let settings: PhoneSystemSettings
    private let transport: any HTTPTransport
    private let sockets: (any WebSocketOpener)?
    private let clock: any Clock
    private let requests: PhoneSystemRequests
    private var chosen: (interface: Interface, view: any PhoneSystemView)?
    /// Whether to ask again which interface the PBX has.
    private var isDoubtful = false
    private var pending: [Notice] = []
    /// Where the chosen view's own news go, while somebody watches.
    private var push: (@Sendable (PhoneSystemPush) async -> Void)?
    private var watching: Task<Void, Never>?

    private enum Interface {
        case legacy
        case callControl
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
    }

    package var name: String {
        get async {
            guard let chosen else { return "auto (not decided yet)" }
            return await chosen.view.name
        }
    }

    package func look() async throws(LookFailure) -> Look {
        let view = try await view()
        do {
            var look = try await view.look()
            look.notices = pending + look.notices
            pending = []
            return look
        } catch {
            // After an upgrade of the PBX the old interface is gone, or its path leads to the new web client's start page.
            if error.kind == .interfaceMissing || error.kind == .malformedAnswer { isDoubtful = true }
            throw error
        }
    }

    private func view() async throws(LookFailure) -> any PhoneSystemView {
        if let chosen, !isDoubtful { return chosen.view }
        let (interface, answer) = try await choose()
        isDoubtful = false
        // The same one keeps its session, and what it knows of the calls under way.
        if let chosen, chosen.interface == interface { return chosen.view }
        chosen = nil
        await stopWatching()
        let view: any PhoneSystemView
        let reason: String
        switch interface {
        case .legacy: (view, reason) = (try legacy(answer), "as a 3CX before v20 does")
        case .callControl: (view, reason) = (try callControl(answer), "as a 3CX v20 does")
        }
        chosen = (interface, view)
        startWatching()
        pending.append(Notice(.info, "using \(await view.name): \(answer), \(reason)"))
        return view
    }

    package func watch(_ push: @escaping @Sendable (PhoneSystemPush) async -> Void) async {
        self.push = push
        startWatching()
        // Until it is cancelled: the stream has nothing to say.
        let (silence, continuation) = AsyncStream.makeStream(of: Never.self)
        for await _ in silence {}
        continuation.finish()
        self.push = nil
        await stopWatching()
    }

    private func startWatching() {
        guard let push, let view = chosen?.view, watching == nil else { return }
        watching = Task { await view.watch(push) }
    }

    private func stopWatching() async {
        watching?.cancel()
        await watching?.value
        watching = nil
    }

    /// By the status of `/connect/token` alone: with these statuses every version can be told apart, whatever the credentials
    /// are. The question carries no credentials, since a token minted here would end the one in use.
    private func choose() async throws(LookFailure) -> (interface: Interface, answer: String) {
        let response = try await TokenEndpoint.ask(requests, clientID: "", clientSecret: Secret(""))
        let isWebPage = response.headers.first("Content-Type")?.lowercased().contains("html") ?? false
        let answer = "\(TokenEndpoint.path) answered HTTP \(response.status)" + (isWebPage ? " with a web page" : "")
        switch response.status {
        case 404, 405: return (.legacy, answer)
        case 200 where isWebPage: return (.legacy, answer)
        case 200, 400, 401, 403, 415, 422: return (.callControl, answer)
        default: throw requests.unexpected(response, .post, TokenEndpoint.path)
        }
    }

    private func callControl(_ answer: String) throws(LookFailure) -> any PhoneSystemView {
        guard
            let view = CallControlView(
                settings: settings, transport: transport, sockets: sockets, clock: clock)
        else {
            throw requests.failure(
                .configuration, "\(answer), so that this is a 3CX v20, but there is no API client", .post,
                TokenEndpoint.path,
                remedy: "create one in 3CX (Admin > Integrations > API) and set 3CX.client_id and 3CX.client_secret"
            )
        }
        return view
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
