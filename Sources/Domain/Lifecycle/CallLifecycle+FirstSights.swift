extension CallLifecycle.Settings {
    /// A call as it is to be judged: the way it went when it was first seen, and with the number that was dialled.
    ///
    /// - Parameter firstSight: Of a call that is not reported yet: until it is, the PBX may swap caller and callee in
    ///   its rows.
    func straightened(_ call: ObservedCall, _ firstSight: FirstSight?) -> ObservedCall {
        var call = call
        if call.direction == .outbound, let dialled = call.external?.number, PartyNumber.beginsWithCode(dialled) {
            call.external?.number = numbers.withoutDialCode(dialled)
        }
        if let firstSight, firstSight.isTurnedRound(in: call, numbers) { call.direction = firstSight.direction }
        return call
    }
}

/// Of a call that is not reported: which way it went when it was first seen, and with whom.
package struct FirstSight: Equatable, Sendable, Codable {
    let direction: CallDirection
    let number: String?

    /// `nil` where the snapshot does not tell.
    init?(_ call: ObservedCall) {
        guard let direction = call.direction, direction != .internal, !call.directionIsGuess else { return nil }
        self.direction = direction
        number = call.externalNumber
    }

    /// Whether a snapshot shows the same party with caller and callee swapped.
    fileprivate func isTurnedRound(in call: ObservedCall, _ numbers: NumberPlan) -> Bool {
        guard let shown = call.direction, shown != .internal, shown != direction else { return false }
        guard let number, let other = call.externalNumber else { return number == call.externalNumber }
        return numbers.sameParty(number, other)
    }
}
