import Domain
import HTTPTypes
package import Ports
import Synchronization

/// Who may read.
///
/// With a token: whoever sends it in `Authorization: Bearer`, or a cookie that the login form gave. Without one:
/// everybody on this machine, but no page of another site that a browser on this machine shows: such a page reaches a
/// loopback address under a name of its own (DNS rebinding), which `Host` tells.
package final class StatusAccess: Sendable {
    private struct Lock {
        var token: Secret?
        /// Grows with each other token.
        var version = 0
    }

    /// The port, since cookies of two bridges on one host would otherwise be one.
    let cookieName: String
    let wrongTokens = WrongTokens()
    private let lock: Mutex<Lock>
    private let sessions = StatusSessions()

    package init(token: Secret?, port: Int) {
        lock = Mutex(Lock(token: token))
        cookieName = "zammadbridge_\(port)"
    }

    /// Takes another token, or none. Who got in by the old one is out: sessions end, and streams do by their `version`.
    package func change(to token: Secret?) {
        lock.withLock { lock in
            guard lock.token != token else { return }
            lock.token = token
            lock.version += 1
            sessions.endAll()
        }
    }

    var version: Int { lock.withLock { $0.version } }

    var needsToken: Bool { lock.withLock { $0.token != nil } }

    func isHostTrusted(_ authority: String?) -> Bool {
        guard !needsToken, let authority, !authority.isEmpty else { return true }
        let host =
            authority.hasPrefix("[") && authority.hasSuffix("]") ? String(authority.dropFirst().dropLast()) : authority
        return StatusAddress.isLoopback(host) || StatusAddress(authority)?.isLoopback == true
    }

    /// What is sent as a token, in the header for it.
    func bearer(_ headers: HTTPFields) -> String? {
        guard let given = headers[.authorization], given.lowercased().hasPrefix("bearer ") else { return nil }
        return String(given.dropFirst("bearer ".count))
    }

    func hasSession(_ headers: HTTPFields, at now: Instant) -> Bool {
        cookies(headers).contains { sessions.isOpen($0, at: now) }
    }

    func isToken(_ given: String) -> Bool {
        guard let token = lock.withLock({ $0.token }) else { return false }
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
