import Testing

@testable import Domain

@Suite("The steps of a call's life")
struct CallTransitionTests {
    /// Pairs that cannot happen, each for a reason.
    static let impossible: Set<String> = {
        var pairs: Set<String> = []
        // An id that was never seen has no agent, no party and nothing that could vanish or elapse.
        for input in ["otherAgentConnected", "anotherCall", "turnedInternal", "vanished", "graceElapsed"] {
            pairs.insert("unknown.\(input)")
        }
        // Of a call that is not told nothing is kept that a later poll could differ from.
        for state in ["ignored", "dialled"] {
            for input in ["otherAgentConnected", "anotherCall", "turnedInternal", "graceElapsed"] {
                pairs.insert("\(state).\(input)")
            }
        }
        // Of a call that was told the number stays.
        for state in ["ringing", "answered", "voicemail", "ending"] { pairs.insert("\(state).routed") }
        // Nobody has answered, so that nobody can be another agent; and grace runs only for calls that are not listed.
        for state in ["ringing", "voicemail"] {
            for input in ["otherAgentConnected", "graceElapsed"] { pairs.insert("\(state).\(input)") }
        }
        pairs.insert("answered.graceElapsed")
        // Only what was internal joins another call, and only what is not listed moves on or is gone for certain.
        for state in CallTransition.State.allCases where state != .ignored {
            for input in ["joining", "joined"] { pairs.insert("\(state.rawValue).\(input)") }
        }
        for state in CallTransition.State.allCases where state != .ending {
            for input in ["movedOn", "confirmedGone"] { pairs.insert("\(state.rawValue).\(input)") }
        }
        // What has ended is forgotten; the same id is then an unknown one.
        for input in CallTransition.Input.allCases { pairs.insert("ended.\(input.rawValue)") }
        return pairs
    }()

    @Test("know every pair of state and input but the impossible ones")
    func everyPair() {
        var missing: Set<String> = []
        for state in CallTransition.State.allCases {
            for input in CallTransition.Input.allCases where CallTransition(from: state, by: input).isImpossible {
                missing.insert("\(state.rawValue).\(input.rawValue)")
            }
        }
        expectNoDifference(missing.sorted(), Self.impossible.sorted())
    }

    @Test("end a reported call, and are counted, where they cannot happen")
    func impossibleStep() {
        var story = LifecycleStory()
        _ = story.poll(.inbound(.agent("101")), at: 0)
        expectNoDifference(
            story.take(.init(from: .ringing, by: .joined), of: "7", at: 5),
            ["ringing.joined -> ended", "  hangup 3cx-7-0 @5s in 0301234567>101 a=101 c=cancel"])
        #expect(story.machine.impossibleSteps == 1)
    }

    @Test("are told by the stories one by one")
    func everyRowHasAStory() {
        expectNoDifference(RowStory.all.map(\.row).sorted(), CallTransition.all.map(\.id).sorted())
    }

    @Test("are what the machine does", arguments: RowStory.all)
    func row(_ told: RowStory) {
        var story = LifecycleStory { $0.grace = .seconds(10) }
        for (index, call) in told.before.enumerated() {
            _ = story.poll(call, at: Double(index))
        }
        let seconds = Double(told.before.count)
        let lines =
            switch told.last {
            case .poll(let calls): story.poll(calls, at: seconds)
            case .nothingListed: story.poll([], at: seconds)
            case .vanishedAgain: story.feed(.observed(.vanishing("7")), at: seconds)
            case .confirmedGone: story.feed(.observed(.confirmedGone("7")), at: seconds)
            case .tenSecondsPass: story.feed(.timePassed, at: seconds + 10)
            }
        #expect(story.rows.contains(told.row))
        expectNoDifference(lines, told.lines)
        #expect(story.machine.impossibleSteps == 0)
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
