import Domain
package import Ports

/// Chooses the interface by what the PBX answers, says what and why, and chooses again when the PBX no longer has it.
package actor AutomaticView: PhoneSystemView {
    private let settings: PhoneSystemSettings
    private let transport: any HTTPTransport
    private let clock: any Clock
    private let requests: PhoneSystemRequests
    private var chosen: (any PhoneSystemView)?
    private var pending: [Notice] = []

    package init(settings: PhoneSystemSettings, transport: any HTTPTransport, clock: any Clock) {
        self.settings = settings
        self.transport = transport
        self.clock = clock
        requests = PhoneSystemRequests(settings, transport)
    }

    package var name: String {
        get async {
            guard let chosen else { return "auto (not decided yet)" }
            return await chosen.name
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
            // After an upgrade of the PBX the old interface is gone.
            if error.kind == .interfaceMissing { chosen = nil }
            throw error
        }
    }

    private func view() async throws(LookFailure) -> any PhoneSystemView {
        if let chosen { return chosen }
        let (view, reason) = try await choose()
        chosen = view
        pending.append(Notice(.info, "using \(await view.name): \(reason)"))
        return view
    }

    /// By the status of `/connect/token` alone: with these statuses every version can be told apart, whatever the credentials
    /// are. The question carries no credentials, since a token minted here would end the one in use.
    private func choose() async throws(LookFailure) -> (view: any PhoneSystemView, reason: String) {
        let response = try await TokenEndpoint.ask(requests, clientID: "", clientSecret: Secret(""))
        let isWebPage = response.headers.first("Content-Type")?.lowercased().contains("html") ?? false
        let answer = "\(TokenEndpoint.path) answered HTTP \(response.status)" + (isWebPage ? " with a web page" : "")
        switch response.status {
        case 404, 405:
            return (try legacy(answer), "\(answer), as a 3CX before v20 does")
        case 200, 400, 401, 403, 415, 422:
            if isWebPage, response.status == 200 {
                return (try legacy(answer), "\(answer), as a 3CX before v20 may do")
            }
            guard let view = CallControlView(settings: settings, transport: transport, clock: clock) else {
                throw requests.failure(
                    .configuration, "\(answer), so that this is a 3CX v20, but there is no API client", .post,
                    TokenEndpoint.path,
                    remedy: "create one in 3CX (Admin > Integrations > API) and set 3CX.client_id and 3CX.client_secret"
                )
            }
            return (view, "\(answer), as a 3CX v20 does")
        default:
            throw requests.unexpected(response, .post, TokenEndpoint.path)
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
