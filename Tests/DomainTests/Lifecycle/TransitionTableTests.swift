import Testing

@testable import Domain

@Suite("The transition table")
struct TransitionTableTests {
    /// Pairs that cannot happen, each for a reason.
    static let impossible: Set<String> = {
        var pairs: Set<String> = []
        // An id that was never seen has no agent, no party and nothing that could vanish or elapse.
        for input in ["otherAgentConnected", "anotherCall", "turnedInternal", "vanished", "graceElapsed"] {
            pairs.insert("unknown.\(input)")
        }
        // Of a call that is not told nothing is kept that a later look could differ from.
        for state in ["untracked", "dialled"] {
            for input in ["otherAgentConnected", "anotherCall", "turnedInternal", "graceElapsed"] {
                pairs.insert("\(state).\(input)")
            }
        }
        // Of a call that was told the number stays.
        for state in ["ringing", "answered", "voicemail", "lingering"] { pairs.insert("\(state).routed") }
        // Nobody has answered, so that nobody can be another agent; and grace runs only for calls that are not listed.
        for state in ["ringing", "voicemail"] {
            for input in ["otherAgentConnected", "graceElapsed"] { pairs.insert("\(state).\(input)") }
        }
        pairs.insert("answered.graceElapsed")
        // Only what was internal joins another call, and only what is not listed moves on or is gone for certain.
        for state in TransitionTable.State.allCases where state != .untracked {
            for input in ["joining", "joined"] { pairs.insert("\(state.rawValue).\(input)") }
        }
        for state in TransitionTable.State.allCases where state != .lingering {
            for input in ["movedOn", "confirmedGone"] { pairs.insert("\(state.rawValue).\(input)") }
        }
        // What has ended is forgotten; the same id is then an unknown one.
        for input in TransitionTable.Input.allCases { pairs.insert("ended.\(input.rawValue)") }
        return pairs
    }()

    @Test("has a row for every pair of state and input but the impossible ones")
    func everyPair() {
        var missing: Set<String> = []
        for state in TransitionTable.State.allCases {
            for input in TransitionTable.Input.allCases where TransitionTable.row(state, input) == nil {
                missing.insert("\(state.rawValue).\(input.rawValue)")
            }
        }
        expectNoDifference(missing.sorted(), Self.impossible.sorted())
    }

    @Test("finds each row by its state and input, and no two rows share them")
    func uniqueRows() {
        #expect(Set(TransitionTable.rows.map(\.id)).count == TransitionTable.rows.count)
        for row in TransitionTable.rows {
            #expect(TransitionTable.row(row.from, row.input) == row)
            #expect(!row.reason.isEmpty)
        }
    }

    @Test("is told by the stories row by row")
    func everyRowHasAStory() {
        expectNoDifference(RowStory.all.map(\.row).sorted(), TransitionTable.rows.map(\.id).sorted())
    }

    @Test("is what the machine does", arguments: RowStory.all)
    func row(_ told: RowStory) {
        var story = LifecycleStory { $0.grace = .seconds(10) }
        for (index, call) in told.before.enumerated() {
            _ = story.look(call, at: Double(index))
        }
        let seconds = Double(told.before.count)
        let lines =
            switch told.last {
            case .look(let calls): story.look(calls, at: seconds)
            case .nothingListed: story.look([], at: seconds)
            case .vanishedAgain: story.feed(.observed(.vanishing("7")), at: seconds)
            case .confirmedGone: story.feed(.observed(.confirmedGone("7")), at: seconds)
            case .tenSecondsPass: story.feed(.timePassed, at: seconds + 10)
            }
        #expect(story.rows.contains(told.row))
        expectNoDifference(lines, told.lines)
        #expect(story.machine.impossibleInputs == 0)
    }
}

extension SnapshotDiff {
    static func vanishing(_ ids: String...) -> SnapshotDiff {
        var diff = SnapshotDiff()
        diff.vanished = ids.map { PBXCallID($0) }
        return diff
    }

    static func confirmedGone(_ ids: String...) -> SnapshotDiff {
        var diff = SnapshotDiff()
        diff.confirmedGone = ids.map { PBXCallID($0) }
        return diff
    }
}
