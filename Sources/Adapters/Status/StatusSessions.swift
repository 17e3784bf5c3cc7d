import Domain
import Synchronization

/// Browsers that have given the token: what their cookies hold, and until when.
final class StatusSessions: Sendable {
    static let lifetime: Duration = .seconds(12 * 3600)
    private static let most = 64

    private let sessions = Mutex<[String: Instant]>([:])

    /// A new session's secret.
    func open(at now: Instant) -> String {
        let secret = RandomText.hexadecimal(bytes: 24)
        sessions.withLock { sessions in
            sessions = sessions.filter { $0.value > now }
            if sessions.count >= Self.most, let oldest = sessions.min(by: { $0.value < $1.value }) {
                sessions[oldest.key] = nil
            }
            sessions[secret] = now + Self.lifetime
        }
        return secret
    }

    func endAll() {
        sessions.withLock { $0 = [:] }
    }

    func isOpen(_ secret: String, at now: Instant) -> Bool {
        sessions.withLock { sessions in sessions[secret].map { $0 > now } ?? false }
    }
}

/// Text that nobody can guess.
package enum RandomText {
    package static func hexadecimal(bytes: Int) -> String {
        (0..<2 * bytes).map { _ in String(Int.random(in: 0..<16), radix: 16) }.joined()
    }
}
