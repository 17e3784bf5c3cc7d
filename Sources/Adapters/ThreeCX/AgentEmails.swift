/// Who knows the e-mail addresses of the PBX's extensions.
package protocol AgentEmails: Sendable {
    /// Extension → e-mail address, as last read; empty while nothing has been read. Asks nobody and returns at once.
    func emails() async -> [String: String]
}

/// The e-mail addresses of several phone systems.
///
/// An extension that has another address in each of them is left out: Zammad is told the extension alone.
package struct JoinedEmails: AgentEmails {
    private let parts: [any AgentEmails]

    /// `nil` without any.
    package init?(_ parts: [any AgentEmails]) {
        guard !parts.isEmpty else { return nil }
        self.parts = parts
    }

    package func emails() async -> [String: String] {
        var emails: [String: String] = [:]
        var ambiguous: Set<String> = []
        for part in parts {
            for (number, email) in await part.emails() {
                if let known = emails[number], known.lowercased() != email.lowercased() { ambiguous.insert(number) }
                emails[number] = email
            }
        }
        return emails.filter { !ambiguous.contains($0.key) }
    }
}
