/// What the simulated world knows of each call's requests, by call id; none of it comes from the core.
///
/// These facts alone excuse a row that differs from what is expected.
struct SimulationFacts: Sendable {
    /// The hangup of an inbound call met an outcome that leaves open whether it arrived.
    var doubtfulHangups: Set<String> = []
    /// A reply to `newCall` got lost, and with it the word that the caller is blocked.
    var doubtfulOpenings: Set<String> = []
    /// An answer, or the hangup of a call that Zammad had lost, arrived after the bridge had given up waiting for it,
    /// so that it may have come in the wrong place.
    var lateEvents: Set<String> = []
    /// Zammad has refused an event of the call twice in a row, so that it was a dead letter for some time.
    var deadLetters: Set<String> = []
}
