/// The life of a call as data: the machine, the exhaustive test, the diagram in docs/ and the reasons in the log all
/// come from these rows.
package enum TransitionTable {
    /// The kinds of state that a call can be in. `unknown` is the state of an id that was never seen; `ended` is left
    /// for good.
    package enum State: String, CaseIterable, Sendable, Codable {
        case unknown
        case untracked
        case dialled
        case ringing
        case answered
        case voicemail
        case lingering
        case ended
    }

    /// What one snapshot, or the passing of time, says about one call.
    package enum Input: String, CaseIterable, Sendable, Codable {
        /// Internal, or touches no monitored DN.
        case irrelevant
        /// The same as `ringing`, and an outgoing call that shows no line yet.
        case routed
        /// External party and monitored DN, no agent connected.
        case ringing
        /// An agent is connected; for an answered call: the same one as before.
        case agentConnected
        /// Another agent than before is connected, and the one before no longer is.
        case otherAgentConnected
        case voicemailConnected
        /// The same PBX id with another external party: the PBX has reused the id.
        case anotherCall
        /// The same PBX id with no external party: agents talk to each other while the call is handed over, or it is
        /// over.
        case turnedInternal
        case vanished
        case graceElapsed
        /// Of an answered call: looks at the whole PBX have confirmed that no leg is left.
        case confirmedGone
        /// An internal call shows the external party of an answered call that is still listed: a consultative transfer
        /// is under way.
        case joining
        /// The same, and that one is no longer listed.
        case joined
        /// What another call's `joined` means for the call that is no longer listed.
        case movedOn
    }

    /// What a transition sends to Zammad.
    package enum Command: String, CaseIterable, Sendable, Codable {
        case newCall
        case answer
        case answerByVoicemail
        case hangup
        /// Only with `transfers: follow`.
        case answerIfFollowing
        /// Only with `transfers: split`: hangup(forwarded), newCall and answer under a new id.
        case splitIfSplitting
    }

    /// What happens to the call's state.
    package enum Next: Equatable, Sendable, Codable {
        case state(State)
        /// Back to the state before `lingering`, in which the same snapshot is then applied.
        case previous
        /// The old call ends, and the snapshot counts as that of a new one.
        case afresh
        /// What the call was that it goes on with; the same snapshot is then applied.
        case continued
    }

    package struct Row: Equatable, Sendable, Codable {
        package var from: State
        package var input: Input
        package var next: Next
        package var commands: [Command]
        package var reason: String
        /// The reason where an agent calls out, for whom `agent` stands in it; `nil` if it is the same.
        package var outgoingReason: String?

        static let agent = "{agent}"

        /// Why a call has come to this.
        func reason(of call: ReportedCall?) -> String {
            guard let call, call.direction == .outbound, let outgoingReason,
                let place = outgoingReason.firstRange(of: Self.agent)
            else { return reason }
            return outgoingReason[..<place.lowerBound] + call.announced.label + outgoingReason[place.upperBound...]
        }

        /// `state.input`, as logs and `simulate` name it.
        package var id: String { "\(from.rawValue).\(input.rawValue)" }
    }

    /// The row for a state and an input; `nil` for a pair that cannot happen.
    package static func row(_ state: State, _ input: Input) -> Row? {
        index[state.position * Input.allCases.count + input.position]
    }

    package static let rows: [Row] =
        arrivals(in: .unknown) + arrivals(in: .untracked) + [
            Row(.untracked, .vanished, .ended, [], "the ignored call is over"),
            Row(.untracked, .joining, .untracked, [], "about to go on with a call that is still listed"),
            Row(.untracked, .joined, .continued, [], "goes on with a call that had another id (consultative transfer)"),

            Row(.dialled, .irrelevant, .untracked, [], "ignored"),
            Row(.dialled, .routed, .dialled, [], "the phone system still looks for a line"),
            Row(
                .dialled, .ringing, .ringing, [.newCall], "the line shows the number, or it has taken too long",
                outgoing: "{agent} calls an outside number"),
            Row(
                .dialled, .agentConnected, .answered, [.newCall, .answer], "answered as soon as there was a line",
                outgoing: "a call by {agent}, answered as soon as there was a line"),
            Row(
                .dialled, .voicemailConnected, .voicemail, [.newCall, .answerByVoicemail],
                "with voicemail as soon as there was a line"),
            Row(
                .dialled, .vanished, .lingering, [.newCall], "gone before there was a line; reported as dialled"),

            Row(.ringing, .ringing, .ringing, [], "still waiting for an answer"),
            Row(
                .ringing, .irrelevant, .ringing, [],
                "left the watched extensions and queues unanswered; followed until it ends"),
            Row(
                .ringing, .agentConnected, .answered, [.answer], "an agent answered",
                outgoing: "the outside party answered {agent}"),
            Row(.ringing, .voicemailConnected, .voicemail, [.answerByVoicemail], "voicemail took the call"),
            Row(.ringing, .vanished, .lingering, [], "not listed any more; over unless it comes back within the grace"),
            Row(.ringing, .anotherCall, .afresh, [.hangup], "the PBX has reused the id for another call"),
            Row(
                .ringing, .turnedInternal, .lingering, [],
                "shows no outside party; over unless it soon shows one again"),

            Row(.answered, .agentConnected, .answered, [], "still talking to the same agent"),
            Row(
                .answered, .ringing, .answered, [], "answered, and nobody connected for now (hold, parking or transfer)"
            ),
            Row(
                .answered, .irrelevant, .answered, [],
                "answered, and left the watched extensions and queues; followed until it ends"),
            Row(.answered, .voicemailConnected, .answered, [], "sent to voicemail by the agent"),
            Row(
                .answered, .otherAgentConnected, .answered, [.answerIfFollowing, .splitIfSplitting],
                "transferred to another agent"
            ),
            Row(
                .answered, .vanished, .lingering, [],
                "not listed any more; over unless it comes back within the grace"),
            Row(.answered, .anotherCall, .afresh, [.hangup], "the PBX has reused the id for another call"),
            Row(
                .answered, .turnedInternal, .lingering, [],
                "shows no outside party; over unless it soon shows one again"),

            Row(.voicemail, .voicemailConnected, .voicemail, [], "still with voicemail"),
            Row(.voicemail, .ringing, .voicemail, [], "left voicemail and waits again"),
            Row(
                .voicemail, .irrelevant, .voicemail, [],
                "left the watched extensions and queues; followed until it ends"),
            Row(.voicemail, .agentConnected, .answered, [.answer], "an agent took the call back from voicemail"),
            Row(
                .voicemail, .vanished, .lingering, [], "not listed any more; over unless it comes back within the grace"
            ),
            Row(.voicemail, .anotherCall, .afresh, [.hangup], "the PBX has reused the id for another call"),
            Row(
                .voicemail, .turnedInternal, .lingering, [],
                "shows no outside party; over unless it soon shows one again"),

            Row(.lingering, .irrelevant, .previous, [], "listed again within the grace"),
            Row(.lingering, .ringing, .previous, [], "listed again within the grace"),
            Row(.lingering, .agentConnected, .previous, [], "listed again within the grace"),
            Row(.lingering, .otherAgentConnected, .previous, [], "listed again within the grace"),
            Row(.lingering, .voicemailConnected, .previous, [], "listed again within the grace"),
            Row(.lingering, .anotherCall, .afresh, [.hangup], "the PBX has reused the id for another call"),
            Row(.lingering, .turnedInternal, .lingering, [], "still shows no outside party"),
            Row(.lingering, .vanished, .lingering, [], "still not listed"),
            Row(.lingering, .graceElapsed, .ended, [.hangup], "over: the PBX no longer lists it"),
            Row(
                .lingering, .confirmedGone, .ended, [.hangup],
                "over: polls confirm that no leg is left"),
            Row(.lingering, .movedOn, .ended, [], "goes on under another id of the PBX (consultative transfer)"),
        ]

    /// A call that is not followed yet: unknown and untracked ones are judged alike.
    private static func arrivals(in state: State) -> [Row] {
        [
            Row(state, .irrelevant, .untracked, [], "ignored"),
            Row(
                state, .routed, .dialled, [],
                "an outgoing call; reported when its line shows the number, or after 2 s"),
            Row(
                state, .ringing, .ringing, [.newCall], "an external call reached a watched extension or queue",
                outgoing: "{agent} calls an outside number"),
            Row(
                state, .agentConnected, .answered, [.newCall, .answer],
                "an external call, already answered when first seen",
                outgoing: "a call by {agent}, already answered when first seen"),
            Row(
                state, .voicemailConnected, .voicemail, [.newCall, .answerByVoicemail],
                "an external call, already with voicemail when first seen"
            ),
        ]
    }

    private static let index: [Row?] = {
        var index = [Row?](repeating: nil, count: State.allCases.count * Input.allCases.count)
        for row in rows { index[row.from.position * Input.allCases.count + row.input.position] = row }
        return index
    }()
}

extension TransitionTable.Row {
    fileprivate init(
        _ from: TransitionTable.State,
        _ input: TransitionTable.Input,
        _ next: TransitionTable.Next,
        _ commands: [TransitionTable.Command],
        _ reason: String,
        outgoing outgoingReason: String? = nil
    ) {
        self.init(
            from: from, input: input, next: next, commands: commands, reason: reason, outgoingReason: outgoingReason)
    }
}

extension TransitionTable.Next {
    fileprivate static var untracked: Self { .state(.untracked) }
    fileprivate static var dialled: Self { .state(.dialled) }
    fileprivate static var ringing: Self { .state(.ringing) }
    fileprivate static var answered: Self { .state(.answered) }
    fileprivate static var voicemail: Self { .state(.voicemail) }
    fileprivate static var lingering: Self { .state(.lingering) }
    fileprivate static var ended: Self { .state(.ended) }
}

extension TransitionTable.State {
    fileprivate var position: Int {
        switch self {
        case .unknown: 0
        case .untracked: 1
        case .dialled: 2
        case .ringing: 3
        case .answered: 4
        case .voicemail: 5
        case .lingering: 6
        case .ended: 7
        }
    }
}

extension TransitionTable.Input {
    fileprivate var position: Int {
        switch self {
        case .irrelevant: 0
        case .routed: 1
        case .ringing: 2
        case .agentConnected: 3
        case .otherAgentConnected: 4
        case .voicemailConnected: 5
        case .anotherCall: 6
        case .turnedInternal: 7
        case .vanished: 8
        case .graceElapsed: 9
        case .joining: 10
        case .joined: 11
        case .movedOn: 12
        case .confirmedGone: 13
        }
    }
}
