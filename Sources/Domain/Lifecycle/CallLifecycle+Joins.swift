/// Calls that the PBX goes on with under another id.
extension CallLifecycle {
    /// A consultative transfer may leave the caller in the call in which the agents talked about it: that one, internal
    /// until now, shows the party of an answered call, and the answered call is gone or about to go.
    ///
    /// - Returns: whether what was seen has been dealt with.
    mutating func join(_ call: ObservedCall, _ state: CallState?, at now: Instant) -> Bool {
        switch state {
        case .ignored(.internalCall, _)?, .joining?: break
        default: return false
        }
        let answered = ids { $0.canContinue(as: call, settings.numbers) }
        if let lost = answered.first(where: { states[$0]?.kind == .ending }), let known = states[lost]?.known {
            end(lost, CallTransition(from: .ending, by: .movedOn), at: now)
            var reported = known.reported
            reported.hasMoved = true
            resume(call, as: (reported, known.phase), CallTransition(from: .ignored, by: .joined), at: now)
            return true
        }
        guard answered.contains(where: { $0 != call.id }) else { return false }
        if state?.isJoining == false {
            let step = CallTransition(from: .ignored, by: .joining)
            record(step, call.id, nil, of: call, to: .ignored, at: now)
        }
        states[call.id] = .joining(call, state?.firstSight)
        return true
    }

    /// The internal call that goes on with one that is not listed any more.
    func successor(of reported: ReportedCall) -> ObservedCall? {
        states.joining.sorted().lazy.compactMap { id -> ObservedCall? in
            guard case .joining(let call, _)? = states[id] else { return nil }
            return reported.hasParty(of: call, settings.numbers) ? call : nil
        }.first
    }
}

extension CallState {
    /// Whether the call was answered, and the other one shows its external party.
    fileprivate func canContinue(as call: ObservedCall, _ numbers: NumberPlan) -> Bool {
        guard case .answered? = known?.phase, let known else { return false }
        return known.reported.hasParty(of: call, numbers)
    }
}
