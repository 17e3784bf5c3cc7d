/// Calls that are ended in the PBX because Zammad blocks their callers.
extension CallLifecycle {
    /// Notes that the PBX is asked to end the call, so that it is asked once only, also after a restart.
    ///
    /// - Returns: `nil` if there is nothing to end: the call is over, is not listed, was answered (nobody is cut off in
    ///   mid-sentence because Zammad was slow), or was to be ended before.
    mutating func askToDrop(_ callID: CallID) -> CallDrop? {
        let live = calls.first { $0.value.reported?.callID == callID }
        guard let (id, state) = live, case .live(var reported, let phase) = state else { return nil }
        guard reported.direction == .inbound, reported.isDropAsked == nil else { return nil }
        if case .answered = phase { return nil }
        reported.isDropAsked = true
        states[id] = .live(reported, phase)
        return CallDrop(callID: callID, pbxCallID: id, phoneSystem: settings.name)
    }
}
