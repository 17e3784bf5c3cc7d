/// Who knows the e-mail addresses of the PBX's extensions.
package protocol AgentEmails: Sendable {
    /// Extension → e-mail address, as last read; empty while nothing has been read. Asks nobody and returns at once.
    func emails() async -> [String: String]
}
