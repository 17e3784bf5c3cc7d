import Adapters
import FoundationEssentials

/// What the PBX answers; every path but those of the two logins wants a living token.
extension CallControlPBXState {
    private enum Bearer {
        case client
        case user
    }

    mutating func respond(
        to request: LoopbackRequest,
        whenSocketEnds: @escaping @Sendable (LoopbackSocket) -> Void
    ) throws -> LoopbackReply {
        noteSecrets(in: request)
        switch request.path {
        case LoopbackCallControlPBX.tokenPath where request.method == "POST":
            return try token(request)
        case LoopbackCallControlPBX.loginPath where request.method == "POST":
            return try login(request)
        case LoopbackCallControlPBX.socketPath:
            if let status = sockets.takeRefusal() { return .empty(status) }
            if let refusal = refusal(of: request, sockets.access) { return .empty(refusal) }
            return openSocket(whenSocketEnds)
        case let path where path.isBelow(LoopbackXAPI.path):
            guard bearer(of: request) != nil else { return .empty(401) }
            if let refusal = xapi.access.refusal { return .empty(refusal) }
            let reply = try xapi.answer(request, derived: derivedActiveCalls)
            if let id = xapi.droppedCall(request), reply.status == 204 { try removeCall(id) }
            return reply
        case let path where path.isBelow(LoopbackCallControlPBX.statePath):
            if let refusal = refusal(of: request, access) { return .empty(refusal) }
            if request.method == "POST" { return try drop(path) }
            guard request.method == "GET" else { return .empty(405) }
            return try poll(path)
        default:
            return .empty(404)
        }
    }

    /// The status with which call control refuses, nil if it does not.
    private func refusal(of request: LoopbackRequest, _ access: Access) -> Int? {
        switch bearer(of: request) {
        case nil: 401
        case .user where !webClient.mayCallControl: 403
        case .client, .user: access.refusal
        }
    }

    private func bearer(of request: LoopbackRequest) -> Bearer? {
        let given = request.headers["authorization"]
        if let liveToken, given == "Bearer \(liveToken)" { return .client }
        if let token = webClient.accessToken, given == "Bearer \(token)" { return .user }
        return nil
    }

    private mutating func openSocket(
        _ whenEnded: @escaping @Sendable (LoopbackSocket) -> Void
    ) -> LoopbackReply {
        let socket = LoopbackSocket(answersPings: sockets.answersPings, whenEnded: whenEnded)
        sockets.open.append(socket)
        sockets.opened += 1
        return .upgrade(to: socket)
    }

    private mutating func noteSecrets(in request: LoopbackRequest) {
        let names: Set<String> = ["client_secret", "access_token", "refresh_token", "password"]
        let fields = request.queryFields
        if fields.contains(where: { names.contains($0.key.lowercased()) || $0.value == clientSecret }) {
            secretsInURL.append("\(request.path)?\(request.query)")
        }
    }

    // MARK: Tokens

    /// Credentials count only in a form body.
    private mutating func token(_ request: LoopbackRequest) throws -> LoopbackReply {
        let form = request.form
        if tokenMode == .badRequest {
            tokensRefused += 1
            return try .json(["error": "invalid_client"], status: 400)
        }
        switch form["grant_type"] {
        case "client_credentials": return try clientToken(form)
        case "refresh_token": return try refreshedToken(request, form)
        default:
            tokensRefused += 1
            return try .json(["error": "unsupported_grant_type"], status: 400)
        }
    }

    private mutating func clientToken(_ form: [String: String]) throws -> LoopbackReply {
        guard form["client_id"] == clientID, form["client_secret"] == clientSecret else {
            tokensRefused += 1
            return try .json(
                [
                    "error": "unauthorized",
                    "error_description": "The request requires valid user authentication.",
                ], status: 401)
        }
        let token = try mintToken(now: Self.now)
        return try .json([
            "token_type": "Bearer", "expires_in": expiresIn, "access_token": .string(token), "refresh_token": nil,
        ])
    }

    /// The refresh token as a cookie or in the form.
    private mutating func refreshedToken(
        _ request: LoopbackRequest,
        _ form: [String: String]
    ) throws -> LoopbackReply {
        let given = request.cookies["RefreshTokenCookie"] ?? form["refresh_token"]
        guard form["client_id"] == "Webclient", let given, given == webClient.refreshToken else {
            tokensRefused += 1
            return try .json(["error": "invalid_grant"], status: 400)
        }
        webClient.refreshes += 1
        var reply = try LoopbackReply.json(try userTokens())
        addRefreshCookie(to: &reply)
        return reply
    }

    private mutating func login(_ request: LoopbackRequest) throws -> LoopbackReply {
        let body = request.json
        guard body?["Username"]?.string == webClient.username, body?["Password"]?.string == webClient.password,
            !webClient.wantsSecurityCode
        else {
            return try .json(["Status": "AuthFailed", "Token": nil, "TwoFactorAuth": nil])
        }
        webClient.logins += 1
        var reply = try LoopbackReply.json([
            "Status": "AuthSuccess", "Token": try userTokens(), "TwoFactorAuth": nil,
        ])
        addRefreshCookie(to: &reply)
        return reply
    }

    private mutating func userTokens() throws -> LoopbackJSON {
        let access = try newToken(for: webClient.username, now: Self.now)
        let refresh = "refresh-\(tokensMinted)"
        webClient.accessToken = access
        webClient.refreshToken = refresh
        return [
            "token_type": "Bearer", "expires_in": expiresIn, "access_token": .string(access),
            "refresh_token": .string(refresh),
        ]
    }

    private func addRefreshCookie(to reply: inout LoopbackReply) {
        guard let token = webClient.refreshToken else { return }
        reply.cookies = ["RefreshTokenCookie=\(token); path=/; httponly"]
    }

    private static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    // MARK: Call control

    /// `POST /callcontrol/{dn}/participants/{id}/drop` ends one connection.
    private mutating func drop(_ path: String) throws -> LoopbackReply {
        let segments = path.split(separator: "/").map(String.init)
        guard segments.count == 5, segments[2] == "participants", segments[4] == "drop", let id = Int64(segments[3]),
            case .dns(let dns) = answer,
            dns.contains(where: { $0.dn == segments[1] && $0.participants.contains { $0.id == id } })
        else { return .empty(404) }
        try removeParticipant(id, of: segments[1])
        return try .json(["finalstatus": "Success", "reason": "None", "reasontext": ""], status: 202)
    }

    /// `/callcontrol`, `/callcontrol/{dn}`, `/callcontrol/{dn}/participants` and `…/participants/{id}`.
    private mutating func poll(_ path: String) throws -> LoopbackReply {
        let segments = path.split(separator: "/").dropFirst().map(String.init)
        let dns: [CallControlDN]
        switch answer {
        case .raw(let text): return segments.isEmpty ? .json(text: text) : .empty(404)
        case .dns(let known): dns = known
        }
        guard let name = segments.first else { return try .json(.array(dns.map(\.json))) }
        guard let dn = dns.first(where: { $0.dn == name }) else { return .empty(404) }
        if segments.count == 1 { return try .json(dn.json) }
        guard segments[1] == "participants", segments.count <= 3 else { return .empty(404) }
        if segments.count == 2 {
            toldParticipants += dn.participants
            return try .json(.array(dn.participants.map(\.json)))
        }
        guard let participant = dn.participants.first(where: { String($0.id) == segments[2] }) else {
            return .empty(404)
        }
        toldParticipants.append(participant)
        return try .json(participant.json)
    }
}

extension String {
    fileprivate func isBelow(_ path: String) -> Bool { self == path || hasPrefix(path + "/") }
}
