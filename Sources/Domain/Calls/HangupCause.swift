/// Why a call ended, in Zammad's words. Zammad's status text and to-do flag follow from it.
package enum HangupCause: String, CaseIterable, Sendable, Codable {
    /// Answered, and over.
    case normalClearing
    /// Voicemail took it, and no agent did. Whether it is a to-do goes by who answered, not by this: Zammad shows it
    /// so.
    case voicemail
    /// Never answered: Zammad shows "not reached" and keeps an inbound entry as a to-do.
    case cancel
    /// Never answered, and not to be kept as a to-do.
    case forwarded
}
