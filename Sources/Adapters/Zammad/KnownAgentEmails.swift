import Synchronization

/// The e-mail addresses that somebody who reads them from the PBX has put here.
package final class KnownAgentEmails: AgentEmails {
    private let known = Mutex<[String: String]>([:])

    package init() {}

    /// Extension → e-mail address, as just read; addresses of before are forgotten.
    package func set(_ emails: [String: String]) {
        known.withLock { $0 = emails }
    }

    package func emails() async -> [String: String] {
        known.withLock { $0 }
    }
}
