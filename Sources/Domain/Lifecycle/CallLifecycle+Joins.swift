/// Calls that the PBX goes on with under another id.
extension CallLifecycle {
    /// A consultative transfer may leave the caller in the call in which the agents talked about it: that one, internal
    /// until now, shows the party of an answered call, and the answered call is gone or about to go.
    ///
    /// - Returns: whether the look has been dealt with.
    mutating func join(
        _ call: ObservedCall, _ state: CallState?, at now: Instant, into decisions: inout [CallDecision]
    ) -> Bool {
        if !joining.isEmpty { joining[call.id] = nil }
        switch state {
        case .untracked(.internalCall)?, .untracked(.joining)?: break
        default: return false
        }
        let lost = lingering.sorted().first { states[$0]?.canGoOn(as: call, settings.numbers) ?? false }
        if let lost, case .lingering(var reported, let phase, _, _)? = states[lost],
            let end = TransitionTable.row(.lingering, .movedOn), let row = TransitionTable.row(.untracked, .joined)
        {
            note(end, lost, reported, to: .ended, at: now, into: &decisions)
            states[lost] = nil
            lingering.remove(lost)
            reported.hasMoved = true
            let next = CallState.live(reported, phase)
            note(row, call.id, reported, seeing: call, to: next.kind, at: now, into: &decisions)
            states[call.id] = next
            observe(call, at: now, into: &decisions)
            return true
        }
        guard states.values.contains(where: { $0.key != call.id && $0.value.canGoOn(as: call, settings.numbers) }),
            let row = TransitionTable.row(.untracked, .joining)
        else { return false }
        joining[call.id] = call
        if state != .untracked(.joining) {
            note(row, call.id, nil, seeing: call, to: .untracked, at: now, into: &decisions)
            states[call.id] = .untracked(.joining)
        }
        return true
    }
}

extension CallState {
    /// Whether the call was answered, and the other one shows its external party.
    fileprivate func canGoOn(as call: ObservedCall, _ numbers: NumberPlan) -> Bool {
        guard case .answered? = phase, let reported else { return false }
        return reported.hasParty(of: call, numbers)
    }
}
