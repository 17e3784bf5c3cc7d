import Domain
import Ports
import Wire

/// The login of the web administration (v15.5 to v18): a cookie session that the PBX may end at any time.
actor LegacySession: LoginHolder {
    static let loginPath = "/api/login"

    private let requests: PhoneSystemRequests
    private let user: String
    private let password: Secret
    private let clock: any Clock
    private var gate = LoginGate()
    private var cookies = CookieJar()
    private var logins = 0
    private var loggingIn: Task<Result<Void, PollFailure>, Never>?
    /// Whether it has been looked whether this is a v20.
    private var hasAskedVersion = false
    /// What came of that, where it is one.
    private var latest: PollFailure?

    init(requests: PhoneSystemRequests, user: String, password: Secret, clock: any Clock) {
        self.requests = requests
        self.user = user
        self.password = password
        self.clock = clock
    }

    func pollBegan() { gate.pollBegan(at: clock.now()) }

    func pollEnded() { gate.pollEnded() }

    /// Sends a request within the session; logs in first where needed, and once more if the PBX has ended the session.
    func send(_ method: HTTPMethod, _ path: String, body: [UInt8]? = nil) async throws(PollFailure) -> HTTPResponse {
        try await beginSession()
        let login = logins
        let response = try await attempt(method, path, body: body)
        // 401 is what an expired session gets; the reference bridge has met 403 as well.
        guard response.status == 401 || response.status == 403 else { return response }
        try await beginSession(after: login)
        return try await attempt(method, path, body: body)
    }

    /// Sends a request that may be forbidden without the session being over.
    func sendOnce(_ method: HTTPMethod, _ path: String) async throws(PollFailure) -> HTTPResponse {
        try await beginSession()
        return try await attempt(method, path, body: nil)
    }

    /// Logs in, unless there is a session of a later login than that which is over. Whoever asks meanwhile waits for
    /// the same login: a wrong password counts once with 3CX.
    private func beginSession(after over: Int? = nil) async throws(PollFailure) {
        while cookies.isEmpty || logins == over {
            let task = loggingIn ?? beginLogin()
            let result = await withTaskCancellationHandler {
                await task.value
            } onCancel: {
                task.cancel()
            }
            // It may have been ended by another who waited and was cancelled.
            if case .failure(let failure) = result, failure.kind == .cancelled, !Task.isCancelled { continue }
            return try result.get()
        }
    }

    private func beginLogin() -> Task<Result<Void, PollFailure>, Never> {
        let task = Task { () -> Result<Void, PollFailure> in
            defer { loggingIn = nil }
            do throws(PollFailure) {
                try await login()
                logins += 1
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        loggingIn = task
        return task
    }

    private func attempt(
        _ method: HTTPMethod, _ path: String, body: [UInt8]?
    ) async throws(PollFailure) -> HTTPResponse {
        var headers: HTTPHeaders = ["Accept": "application/json", "Cookie": cookies.header]
        if body != nil { headers.add("Content-Type", "application/json") }
        let response = try await requests.send(method, path, headers: headers, body: body)
        cookies.store(response.headers.all("Set-Cookie"))
        return response
    }

    private func login() async throws(PollFailure) {
        try gate.check()
        do {
            try await logIn()
        } catch {
            gate.loginFailed(error, at: clock.now())
            throw error.kind == .interfaceMissing ? await explained(error) : error
        }
    }

    /// After an upgrade to v20 the old login is gone. Where nobody is logged in v20 answers 401 to this, and older ones
    /// do not know it.
    private func explained(_ failure: PollFailure) async -> PollFailure {
        guard !hasAskedVersion else { return latest ?? failure }
        hasAskedVersion = true
        let path = XAPIRequests.root + "Defs?$select=Id"
        do throws(PollFailure) {
            let response = try await requests.send(.get, path, headers: ["Accept": "application/json"])
            guard response.status == 401 else { return failure }
        } catch {
            hasAskedVersion = false
            return failure
        }
        var explained = failure
        explained.what += ": this is a 3CX v20"
        explained.remedy =
            "create an API client (3CX: Admin > Integrations > API), set 3CX.client_id and 3CX.client_secret, and "
            + "leave out Bridge.api"
        latest = explained
        return explained
    }

    private func logIn() async throws(PollFailure) {
        let path = Self.loginPath
        cookies = CookieJar()
        let body: JSONValue = ["Username": .string(user), "Password": .string(password.reveal())]
        let response = try await requests.send(
            .post, path, headers: ["Content-Type": "application/json", "Accept": "*/*"], body: body.bytes)
        switch response.status {
        case 200: break
        case let status where LoginGate.isRefusal(status): throw refused("HTTP \(status)")
        default: throw requests.unexpected(response, .post, path)
        }
        // Success is this bare text, not JSON; a failure may come with status 200 as well.
        let text = String(decoding: response.body.prefix(4096), as: UTF8.self).filter { !$0.isWhitespace && $0 != "\"" }
        if text.hasPrefix("<") {
            throw requests.failure(
                .interfaceMissing, "a web page instead of a login", .post, path,
                remedy: "check 3CX.host: this is not the web administration of a 3CX before v20")
        }
        guard text == "AuthSuccess" else { throw refused("HTTP 200 without AuthSuccess") }
        cookies.store(response.headers.all("Set-Cookie"))
        guard !cookies.isEmpty else {
            throw requests.failure(
                .malformedAnswer, "a login without a session cookie", .post, path,
                remedy: "check for a proxy that strips cookies")
        }
    }

    private func refused(_ what: String) -> PollFailure {
        requests.failure(
            .credentialsRefused, "login refused (\(what))", .post, Self.loginPath,
            remedy: "check 3CX.user and 3CX.pass: they must be those of the 3CX web administration")
    }
}
