import Domain

/// Joins the two views of a 3CX v20: call control knows at once who rings and talks on the DNs that the API client may
/// see, and XAPI's active calls know the whole PBX, and each call's direction, but only when they are asked for.
///
/// What call control can see it says; of all else a row says. A call that has left the DNs in sight may have ended, or
/// may wait in a queue out of sight: it stays as it was until rows that were asked for later have told.
struct CallJoin: Sendable {
    struct Result: Equatable, Sendable {
        var calls: [ObservedCall]
        /// Whether the rows would tell something that is open.
        var needsRows: Bool
        /// Whether a call that is missing here has ended, and has not just lost its legs for a moment.
        var listsWholeCalls: Bool
    }

    private struct Doubt: Sendable {
        /// As last seen.
        var call: ObservedCall
        /// The last question for rows when it went out of sight: only a later one can tell.
        var question: Int
    }

    private var rows: [PBXCallID: ObservedCall] = [:]
    private var areRowsKnown = false
    private var lastQuestion = 0
    private var lastAnswered = 0
    private var doubts: [PBXCallID: Doubt] = [:]
    /// The calls of the last picture that were on DNs in sight.
    private var inSight: [PBXCallID: ObservedCall] = [:]

    /// The rows are being asked for.
    ///
    /// - Returns: the question's number.
    mutating func rowsAsked() -> Int {
        lastQuestion += 1
        return lastQuestion
    }

    mutating func rowsAnswered(_ calls: [ObservedCall], question: Int) {
        guard question > lastAnswered else { return }
        lastAnswered = question
        rows = calls.reduce(into: [:]) { $0[$1.id] = $1 }
        areRowsKnown = true
        doubts = doubts.filter { $0.value.question >= question }
    }

    /// The rows cannot be had: what was in sight is told by its legs alone, and what never was stays.
    mutating func rowsFailed() {
        areRowsKnown = false
        for id in doubts.keys { rows[id] = nil }
        doubts = [:]
    }

    /// `participants`: the calls on the DNs in sight. `visible`: these DNs. `plan`: names, and what is watched.
    mutating func join(
        _ participants: [ObservedCall], visible: Set<String>, watched: Set<String>, plan: DialPlan
    ) -> Result {
        var needsRows = false
        var calls: [ObservedCall] = []
        var seen: [PBXCallID: ObservedCall] = [:]
        for participant in participants {
            let call = complete(participant, visible)
            if inSight[call.id] == nil { needsRows = true }
            doubts[call.id] = nil
            seen[call.id] = call
            calls.append(call)
        }
        if areRowsKnown {
            for (id, call) in inSight where seen[id] == nil {
                doubts[id] = Doubt(call: call, question: lastQuestion)
            }
        } else {
            for id in inSight.keys where seen[id] == nil { rows[id] = nil }
        }
        inSight = seen
        if !doubts.isEmpty { needsRows = true }
        calls += doubts.values.map(\.call)
        calls += rows.values.filter { seen[$0.id] == nil && doubts[$0.id] == nil }
        return Result(
            calls: calls.map { Self.described($0, watched: watched, plan: plan) }, needsRows: needsRows,
            listsWholeCalls: areRowsKnown)
    }

    private func complete(_ call: ObservedCall, _ visible: Set<String>) -> ObservedCall {
        guard var row = rows[call.id] else { return call }
        row.legs.removeAll { visible.contains($0.dn) }
        var merged = call.merging(row)
        if call.directionIsGuess, let direction = row.direction, direction != .internal {
            merged.direction = direction
            merged.directionIsGuess = false
        }
        return merged
    }

    private static func described(_ call: ObservedCall, watched: Set<String>, plan: DialPlan) -> ObservedCall {
        var call = call
        for index in call.legs.indices {
            let dn = call.legs[index].dn
            call.legs[index].isMonitored = watched.contains(dn)
            call.legs[index].name = plan.name(of: dn) ?? call.legs[index].name
        }
        return call
    }
}
