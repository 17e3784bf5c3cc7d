/// Calls that are not reported yet, and whose rows are turned round before they are.
extension CallLifecycle {
    /// A call that was first seen the other way round, and was not reported, still goes that way.
    func straightened(_ call: ObservedCall, _ state: CallState?) -> ObservedCall {
        guard case .untracked? = state, let first = firstSights[call.id],
            first.isTurnedRound(in: call, settings.numbers)
        else {
            return call
        }
        var call = call
        call.direction = first.direction
        return call
    }

    /// Whom an outgoing call is with, where what was dialled begins with a code.
    func withoutDialCode(_ call: ObservedCall) -> ObservedCall {
        guard call.direction == .outbound, let dialled = call.external?.number, PartyNumber.beginsWithCode(dialled)
        else { return call }
        var call = call
        call.external?.number = settings.numbers.withoutDialCode(dialled)
        return call
    }
}

/// Of a call that is not reported: which way it went when it was first seen, and with whom.
struct FirstSight: Equatable, Sendable, Codable {
    var direction: CallDirection
    var number: String?

    /// `nil` where the look does not tell.
    init?(_ call: ObservedCall) {
        guard let direction = call.direction, direction != .internal, !call.directionIsGuess else { return nil }
        self.direction = direction
        number = call.externalNumber
    }

    /// Whether a look shows the same party the other way round.
    func isTurnedRound(in call: ObservedCall, _ numbers: NumberPlan) -> Bool {
        guard let shown = call.direction, shown != .internal, shown != direction else { return false }
        guard let number, let other = call.externalNumber else { return number == call.externalNumber }
        return numbers.sameParty(number, other)
    }
}
