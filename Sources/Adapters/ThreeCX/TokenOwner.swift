import Domain
import Ports
import Wire

/// One way to get a token of a 3CX v20. Asked by its `TokenOwner` alone, and once at a time.
protocol TokenMint: Sendable {
    /// `afterRefusal`: the PBX has refused the token before its time, so that nothing which came with it is worth
    /// anything.
    func mint(afterRefusal: Bool) async throws(PollFailure) -> AccessToken

    /// What to say when somebody else's tokens end ours: what happens, and what to do.
    var contest: (what: String, remedy: String) { get }
}

/// Owns the one token of a login for all who send it: REST, XAPI and the event socket. Minting a new one kills the old,
/// so that nobody else may mint.
actor TokenOwner: LoginHolder {
    private let requests: PhoneSystemRequests
    private let mint: any TokenMint
    private let clock: any Clock
    private var gate = LoginGate()
    private var current: AccessToken?
    /// The paths on which the PBX has taken the current token, or the last one that it had.
    private var taken: Set<String> = []
    /// Whether the token before was refused, and did not just grow old.
    private var isAfterRefusal = false
    private var contest = TokenContest()
    private var minting: Minting?
    private var mintings = 0

    private struct Minting {
        let id: Int
        let task: Task<Result<AccessToken, PollFailure>, Never>
        /// Callers that wait for it and are not cancelled.
        var waiting = 1
    }

    init(requests: PhoneSystemRequests, mint: any TokenMint, clock: any Clock) {
        self.requests = requests
        self.mint = mint
        self.clock = clock
    }

    /// Sends a request with the token; on 401 once more with a new one.
    func send(_ method: HTTPMethod, _ path: String) async throws(PollFailure) -> HTTPResponse {
        let token = try await token()
        let response = try await attempt(method, path, token)
        guard response.status == 401 else { return response }
        guard token == current else { return try await attempt(method, path, self.token()) }
        let (refusedAt, wasTakenHere, wasTaken) = (clock.now(), taken.contains(Self.place(path)), !taken.isEmpty)
        refused(token)
        if wasTakenHere { contest.tokenRefused(mintedAt: token.receivedAt, renewAt: token.renewAt, at: refusedAt) }
        let second = try await attempt(method, path, self.token())
        // What a new token does not open either is a permission that is missing here, whatever is open elsewhere.
        if wasTaken, !wasTakenHere, Self.isTaken(second) {
            contest.tokenRefused(mintedAt: token.receivedAt, renewAt: token.renewAt, at: refusedAt)
        }
        return second
    }

    /// The PBX refused this token: the next `token()` is a new one, if this one is still the current one.
    /// Nothing is concluded from it: an interface that refuses every token says nothing about the others.
    func refused(_ token: AccessToken) {
        guard token == current else { return }
        current = nil
        isAfterRefusal = true
    }

    func pollBegan() { gate.pollBegan(at: clock.now()) }

    func pollEnded() { gate.pollEnded() }

    /// Logs in whatever is known, to hear whether there is a login of v20.
    func logInAnew() async throws(PollFailure) {
        current = nil
        _ = try await token()
    }

    /// The token, minted if there is none or it is about to expire. Whoever asks meanwhile waits for the same one.
    func token() async throws(PollFailure) -> AccessToken {
        if let current, clock.now() < current.renewAt { return current }
        try gate.check()
        if minting == nil, !contest.mayMint(at: clock.now()) {
            let contest = mint.contest
            throw requests.failure(
                .permissionMissing, contest.what, .post, TokenEndpoint.path, remedy: contest.remedy)
        }
        let (id, task) = join()
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            Task { await self.leave(id) }
        }
        return try result.get()
    }

    private func attempt(
        _ method: HTTPMethod, _ path: String, _ token: AccessToken
    ) async throws(PollFailure) -> HTTPResponse {
        let headers: HTTPHeaders = ["Accept": "application/json", "Authorization": "Bearer \(token.bearer)"]
        let response = try await requests.send(method, path, headers: headers)
        if Self.isTaken(response), token == current, taken.count < Self.mostPaths { taken.insert(Self.place(path)) }
        return response
    }

    private static let mostPaths = 1000

    private static func place(_ path: String) -> String { String(path.prefix { $0 != "?" }) }

    /// Also a refused permission shows that the token was taken; a proxy's error shows nothing.
    private static func isTaken(_ response: HTTPResponse) -> Bool {
        response.status != 401 && response.status < 500
    }

    private func join() -> (id: Int, task: Task<Result<AccessToken, PollFailure>, Never>) {
        if let running = minting {
            minting?.waiting += 1
            return (running.id, running.task)
        }
        mintings += 1
        let id = mintings
        let task = Task {
            let result = await self.mint(afterRefusal: self.isAfterRefusal)
            self.finish(id, result)
            return result
        }
        minting = Minting(id: id, task: task)
        return (id, task)
    }

    /// Before anybody who waits goes on, so that none of them can ask for yet another one.
    private func finish(_ id: Int, _ result: Result<AccessToken, PollFailure>) {
        guard minting?.id == id else { return }
        minting = nil
        switch result {
        case .success(let minted):
            current = minted
            taken = []
            isAfterRefusal = false
        case .failure(let failure): gate.loginFailed(failure, at: clock.now())
        }
    }

    /// A cancelled caller. The request ends with the last of them; until then the others need it.
    private func leave(_ id: Int) {
        guard let running = minting, running.id == id else { return }
        guard running.waiting == 1 else {
            minting?.waiting -= 1
            return
        }
        minting = nil
        running.task.cancel()
    }

    private func mint(afterRefusal: Bool) async -> Result<AccessToken, PollFailure> {
        do throws(PollFailure) {
            return .success(try await mint.mint(afterRefusal: afterRefusal))
        } catch {
            return .failure(error)
        }
    }
}
