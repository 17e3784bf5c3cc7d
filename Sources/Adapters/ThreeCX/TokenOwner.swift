import Domain
import FoundationEssentials
import Ports

/// Owns the one token of the API client: minting a new one kills the old, so that nobody else may mint.
actor TokenOwner {
    private let requests: PhoneSystemRequests
    private let clientID: String
    private let clientSecret: Secret
    private let clock: any Clock
    private var token: AccessToken?
    private var minting: Minting?
    private var mintings = 0

    private struct Minting {
        let id: Int
        let task: Task<Result<AccessToken, LookFailure>, Never>
        /// Callers that wait for it and are not cancelled.
        var waiting = 1
    }

    init(requests: PhoneSystemRequests, clientID: String, clientSecret: Secret, clock: any Clock) {
        self.requests = requests
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.clock = clock
    }

    /// Sends a request with the token; on 401 once more with a new one.
    func send(_ method: HTTPMethod, _ path: String) async throws(LookFailure) -> HTTPResponse {
        let token = try await current()
        let response = try await attempt(method, path, token)
        guard response.status == 401 else { return response }
        invalidate(token)
        return try await attempt(method, path, current())
    }

    private func attempt(
        _ method: HTTPMethod, _ path: String, _ token: AccessToken
    ) async throws(LookFailure) -> HTTPResponse {
        let headers: HTTPHeaders = ["Accept": "application/json", "Authorization": "Bearer \(token.bearer)"]
        return try await requests.send(method, path, headers: headers)
    }

    /// The token to open a socket with, minted if needed.
    func token() async throws(LookFailure) -> AccessToken { try await current() }

    /// The PBX has refused this token: the next one is new.
    func refused(_ token: AccessToken) { invalidate(token) }

    private func invalidate(_ refused: AccessToken) {
        if token == refused { token = nil }
    }

    /// The token, minted if there is none or it is about to expire. Whoever asks meanwhile waits for the same one.
    private func current() async throws(LookFailure) -> AccessToken {
        if let token, clock.now() < token.renewAt { return token }
        let (id, task) = join()
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            Task { await self.leave(id) }
        }
        return try result.get()
    }

    private func join() -> (id: Int, task: Task<Result<AccessToken, LookFailure>, Never>) {
        if let current = minting {
            minting?.waiting += 1
            return (current.id, current.task)
        }
        mintings += 1
        let id = mintings
        let task = Task {
            let result = await self.mint()
            self.finish(id, result)
            return result
        }
        minting = Minting(id: id, task: task)
        return (id, task)
    }

    /// Before anybody who waits goes on, so that none of them can ask for yet another one.
    private func finish(_ id: Int, _ result: Result<AccessToken, LookFailure>) {
        guard minting?.id == id else { return }
        minting = nil
        if case .success(let minted) = result { token = minted }
    }

    /// A cancelled caller. The request ends with the last of them; until then the others need it.
    private func leave(_ id: Int) {
        guard let current = minting, current.id == id else { return }
        guard current.waiting == 1 else {
            minting?.waiting -= 1
            return
        }
        minting = nil
        current.task.cancel()
    }

    private func mint() async -> Result<AccessToken, LookFailure> {
        do throws(LookFailure) {
            let response = try await TokenEndpoint.ask(requests, clientID: clientID, clientSecret: clientSecret)
            switch response.status {
            case 200: break
            case 400, 401:
                throw requests.failure(
                    .credentialsRefused, "API client refused (HTTP \(response.status))", .post, TokenEndpoint.path,
                    remedy: "check 3CX.client_id and 3CX.client_secret, and the IP restrictions of the 3CX console")
            default: throw requests.unexpected(response, .post, TokenEndpoint.path)
            }
            let answer = try requests.decode(AccessToken.Answer.self, response, .post, TokenEndpoint.path)
            let isSendable =
                !answer.accessToken.isEmpty && answer.accessToken.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            guard isSendable else {
                throw requests.failure(
                    .malformedAnswer, "a token that cannot be sent", .post, TokenEndpoint.path,
                    remedy: "check for a proxy that answers in place of 3CX")
            }
            return .success(AccessToken(answer, receivedAt: clock.now()))
        } catch {
            return .failure(error)
        }
    }
}

/// `POST /connect/token` of 3CX v20.
enum TokenEndpoint {
    static let path = "/connect/token"

    /// Asks for a token. Credentials go in the form body alone: a URL ends up in access logs.
    static func ask(
        _ requests: PhoneSystemRequests, clientID: String, clientSecret: Secret
    ) async throws(LookFailure) -> HTTPResponse {
        let fields = [
            ("client_id", clientID), ("client_secret", clientSecret.reveal()), ("grant_type", "client_credentials"),
        ]
        let body = fields.map { "\($0)=\($1.percentEncoded)" }.joined(separator: "&")
        return try await requests.send(
            .post, path,
            headers: ["Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"],
            body: Array(body.utf8)
        )
    }
}
