import Domain
import HTTPTypes
import Ports

/// Who may read.
///
/// With a token: whoever sends it in `Authorization: Bearer`, or a cookie that the login form gave. Without one: everybody on this
/// machine, but no page of another site that a browser on this machine shows: such a page reaches a loopback address under a name of
/// its own (DNS rebinding), which `Host` tells.
struct StatusAccess: Sendable {
    let token: Secret?
    /// The port, since cookies of two bridges on one host would otherwise be one.
    let cookieName: String
    private let sessions = StatusSessions()

    init(token: Secret?, port: Int) {
        self.token = token
        cookieName = "zammadbridge_\(port)"
    }

    func isHostTrusted(_ authority: String?) -> Bool {
        guard token == nil else { return true }
        guard let authority, !authority.isEmpty else { return true }
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return StatusAddress.isLoopback(String(authority[authority.index(after: authority.startIndex)..<end]))
        }
        return StatusAddress.isLoopback(String(authority.prefix { $0 != ":" }))
    }

    func isAllowed(_ headers: HTTPFields, at now: Instant) -> Bool {
        guard token != nil else { return true }
        if let given = headers[.authorization], given.lowercased().hasPrefix("bearer ") {
            return isToken(String(given.dropFirst("bearer ".count)))
        }
        return cookies(headers).contains { sessions.isOpen($0, at: now) }
    }

    func isToken(_ given: String) -> Bool {
        guard let token else { return false }
        let (expected, given) = (Array(token.reveal().utf8), Array(given.utf8))
        // Takes as long wherever the first difference is.
        var difference = expected.count ^ given.count
        for index in expected.indices { difference |= Int(expected[index] ^ (index < given.count ? given[index] : 0)) }
        return difference == 0
    }

    /// The value of `Set-Cookie` for a browser that has given the token.
    func openSession(at now: Instant) -> String {
        let lifetime = StatusSessions.lifetime.components.seconds
        return "\(cookieName)=\(sessions.open(at: now)); Path=/; Max-Age=\(lifetime); HttpOnly; SameSite=Strict"
    }

    private func cookies(_ headers: HTTPFields) -> [String] {
        headers[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1).map { String($0.trimmingPrefix { $0 == " " }) }
            return parts.count == 2 && parts[0] == cookieName ? parts[1] : nil
        }
    }
}
