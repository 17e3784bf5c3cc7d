/// A fault that no environment has: an invariant of the bridge broken on purpose, to show that the checkers notice.
package enum SimulationMutation: String, CaseIterable, Sendable {
    /// Some commits report success and keep nothing.
    case forgetsCommits
    /// The hangup of an unanswered inbound call goes out twice.
    case sendsHangupTwice
    /// An answer is reported as delivered and overtaken by what follows.
    case letsAnswersBeOvertaken
    /// Some events are reported as delivered and never sent.
    case losesEvents
    /// The lanes with a request under way are missing after a restart.
    case forgetsLanesInFlight
    /// The live calls are missing after a restart.
    case forgetsCallsAtRestart
    /// A failed poll is taken for one that shows no calls.
    case takesFailureForSilence
    /// A missed call is hung up as `forwarded`.
    case sendsForwardedForCancel
    /// A request whose outcome is open is taken for one that was never sent.
    case takesDoubtForRefusal
    /// Requests go out before the journal has kept them.
    case actsBeforeCommit
    /// Some polls are accepted and not judged.
    case skipsPolls
    /// An answered call is taken for over by the first poll after its last leg went.
    case confirmsTooSoon
    /// Some requests go to another Zammad than the one that they are for.
    case mistakesZammads
    /// Some polls of one phone system are taken for those of another.
    case mistakesPhoneSystems
    /// A hangup in doubt is taken for stored without a look into Zammad's caller log.
    case believesDoubtfulHangups
    /// The PBX is asked twice to end the call of a blocked caller.
    case dropsTwice
    /// A request for a ticket whose outcome is open is taken for one that was never sent.
    case takesTicketDoubtForRefusal
    /// Some tickets are reported as made and never sent.
    case losesTickets
}
