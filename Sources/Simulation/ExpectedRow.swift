import Domain

/// How a call should stand in Zammad's log once all is quiet.
struct ExpectedRow: Equatable, Sendable {
    var callID: String
    var direction: String
    var from: String
    var to: String
    var isDone: Bool
    var cause: String
    /// Who has it in the end, for an inbound call that was answered.
    var answeredBy: String?
    /// Whether an agent or voicemail was seen to answer.
    var wasAnswered: Bool
    /// Zammad has the caller on its block list, and nobody answered.
    var isRejected = false
    /// As seen, before Zammad's word on blocked callers.
    var causeUnlessRejected: String
    /// In whose log it stands.
    var zammad = 0
}
