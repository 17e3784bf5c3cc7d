import Synchronization

@testable import Adapters

/// The e-mail addresses that somebody who reads them from the PBX has put here.
final class KnownAgentEmails: AgentEmails {
    private let known = Mutex<[String: String]>([:])

    init() {}

    /// Extension → e-mail address, as just read; addresses of before are forgotten.
    func set(_ emails: [String: String]) {
        known.withLock { $0 = emails }
    }

    func emails() async -> [String: String] {
        known.withLock { $0 }
    }
}
