import Played

/// Compares Zammad's log with what it should be. What may differ, and why, is in `SimulationFacts` alone.
struct RowComparison {
    let rows: [ZammadRow]
    /// As they were when Zammad's log was wiped.
    let wiped: [String: ZammadRow]
    let facts: SimulationFacts
    /// Calls of which several rows are right.
    let tolerated: [SightingChecker.Split]

    func problems(_ expected: [ExpectedRow]) -> [String] {
        var problems: [String] = []
        let known = Dictionary(rows.map { ($0.callID, $0) }) { first, _ in first }
        for row in expected {
            guard let actual = known[row.callID] else {
                if !mayBeMissing(row) { problems.append("\(row.callID) is missing in Zammad") }
                continue
            }
            problems += compare(actual, row).map { "\(row.callID) \($0)" }
        }
        let ids = Set(expected.map(\.callID))
        for row in rows where !ids.contains(row.callID) && !isTolerated(row) {
            problems.append("\(row.callID) is in Zammad and nobody knows why")
        }
        return problems
    }

    /// After a wipe, events that follow count: a call whose hangup Zammad had taken before stays away, and so does one
    /// whose hangup may not be repeated.
    private func mayBeMissing(_ row: ExpectedRow) -> Bool {
        guard let before = wiped[row.callID] else { return false }
        return before.state == .hangup || isInDoubt(row)
    }

    /// Nobody can know whether the hangup has arrived, and it must not be sent twice.
    private func isInDoubt(_ row: ExpectedRow) -> Bool {
        let needsCare = row.direction == "in" && (!row.wasAnswered || facts.deadLetters.contains(row.callID))
        return needsCare && facts.doubtfulHangups.contains(row.callID)
    }

    private func isTolerated(_ row: ZammadRow) -> Bool {
        tolerated.contains { split in
            guard row.callID.hasPrefix(split.prefix), let start = Int64(row.callID.dropFirst(split.prefix.count)) else {
                return false
            }
            return split.during.contains(start)
        }
    }

    private func compare(_ row: ZammadRow, _ expected: ExpectedRow) -> [String] {
        var problems: [String] = []
        func expect(_ name: String, _ found: String?, _ wanted: String) {
            if found != wanted { problems.append("has \(name) \(found ?? "nothing") instead of \(wanted)") }
        }
        expect("direction", row.direction, expected.direction)
        expect("from", row.from, expected.from)
        expect("to", row.to, expected.to)
        expect("first event", row.eventNames.first, "newCall")
        if row.state != .hangup, isInDoubt(expected) {
            if row.done, row.state == .newCall { problems.append("has lost its to-do") }
            return problems
        }
        // A dead letter that the operator sends after a wipe makes the row anew, and its hangup is long over.
        if wiped[row.callID] != nil, facts.deadLetters.contains(row.callID), row.state != .hangup { return problems }
        expect("state", row.state.rawValue, "hangup")
        let isLessKnown = facts.doubtfulOpenings.contains(row.callID) && expected.isRejected
        if !(isLessKnown && row.comment == expected.causeUnlessRejected) {
            expect("cause", row.comment, expected.cause)
        }
        let mayAskNeedlessly =
            isLessKnown || facts.lateEvents.contains(row.callID) || facts.deadLetters.contains(row.callID)
        // Its hangup reached the row that was made anew before the answer did.
        let wasHungUpTooEarly = wiped[row.callID] != nil && facts.lateEvents.contains(row.callID)
        if row.done, !expected.isDone, !wasHungUpTooEarly { problems.append("has lost its to-do") }
        if !row.done, expected.isDone, !mayAskNeedlessly { problems.append("has a to-do that it should not have") }
        return problems + compareEvents(row, expected)
    }

    /// An answer that is told again when the call is over opens nothing on the agent's screen.
    private static func isSame(_ answer: ZammadEvent, _ late: ZammadEvent) -> Bool {
        let ofScreen: Set<String> = ["answeringNumber", "user_id", "user"]
        return answer.parameters.filter { !ofScreen.contains($0.key) }
            == late.parameters.filter { !ofScreen.contains($0.key) }
    }

    private func compareEvents(_ row: ZammadRow, _ expected: ExpectedRow) -> [String] {
        var problems: [String] = []
        let isDisturbed = facts.lateEvents.contains(row.callID) || facts.deadLetters.contains(row.callID)
        let hangups = row.events.count { $0.name == "hangup" }
        if expected.direction == "in", !expected.wasAnswered, expected.cause != "forwarded", hangups > 1 {
            problems.append("was hung up \(hangups) times")
        }
        let answers = row.events.filter { $0.name == "answer" && $0.effect == .applied }
        if expected.wasAnswered, answers.isEmpty, !isDisturbed { problems.append("has lost its answer") }
        if !expected.wasAnswered, !answers.isEmpty {
            problems.append("was answered by nobody, and Zammad has an answer")
        }
        if let answeredBy = expected.answeredBy, !isDisturbed, row.toComment != answeredBy {
            problems.append("is answered by \(row.toComment ?? "nobody") instead of \(answeredBy)")
        }
        for late in row.events where late.name == "answer" && late.effect == .ignored && !isDisturbed {
            let isDuplicate = answers.contains { Self.isSame($0, late) }
            if !isDuplicate { problems.append("got an answer after its hangup") }
        }
        return problems
    }
}
