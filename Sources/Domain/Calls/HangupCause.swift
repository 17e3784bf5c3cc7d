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

    /// Whether Zammad keeps the entry of an inbound call as a to-do if it was told of no answer. Such a call is a
    /// missed one, for tickets too; and its hangup must not be repeated, since a second one clears the to-do.
    package var keepsToDo: Bool {
        switch self {
        case .normalClearing, .voicemail, .cancel: true
        case .forwarded: false
        }
    }

    /// What Zammad is told instead where it blocks the caller: nobody is to be called back.
    package var ofBlockedCaller: HangupCause {
        switch self {
        case .cancel, .forwarded: .forwarded
        case .normalClearing, .voicemail: self
        }
    }
}
