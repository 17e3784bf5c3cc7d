extension EndedCall {
    /// What a decision that ends a call says of it; `nil` for any other, and for the entries of a call that goes on.
    ///
    /// - Parameters:
    ///   - state: The call's state before the decision.
    ///   - numbers: Those of its phone system.
    package init?(_ decision: CallDecision, after state: CallState?, numbers: NumberPlan) {
        guard decision.to == .ended, let reported = state?.reported, let phase = state?.phase,
            let hangup = decision.commands.last, hangup.event == .hangup
        else { return nil }
        var agent: Station?
        let outcome: Outcome
        switch phase {
        case .answered(let by):
            agent = by
            outcome = .answered
        case .voicemail: outcome = .voicemail
        case .ringing: outcome = hangup.cause == .forwarded ? .abandoned : .missed
        }
        // Where 3CX knows no name, it shows the number as one.
        let name = reported.externalName.flatMap { NumberPlan.compact($0) == nil ? $0 : nil }
        self.init(
            callID: hangup.callID, direction: reported.direction,
            number: hangup.direction == .inbound ? hangup.from : hangup.to,
            digits: reported.externalNumber.flatMap(numbers.comparable), name: name, agent: agent,
            queue: reported.queue, outcome: outcome, startedAt: reported.firstSeen, endedAt: hangup.at,
            zammad: hangup.zammad)
    }
}
