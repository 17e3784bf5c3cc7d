/// One step in the life of a call: from a state, by what a snapshot or the passing of time says about the call, to the
/// next state, with what Zammad is told and why.
///
/// This is the whole of what a call's life means for Zammad. The machine applies it (`CallLifecycle`), the log quotes
/// its reasons, and docs/call-lifecycle.md is made by asking for each pair.
package struct CallTransition: Equatable, Sendable {
    /// The kinds of state that a call can be in. `unknown` is the state of an id that was never seen; `ended` is left
    /// for good.
    package enum State: String, CaseIterable, Sendable, Codable {
        case unknown
        case ignored
        case dialled
        case ringing
        case answered
        case voicemail
        case ending
        case ended

        /// The history may hold what earlier versions called `ignored` and `ending`.
        package init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let word = try container.decode(String.self)
            let earlier: [String: State] = ["untracked": .ignored, "lingering": .ending]
            guard let state = State(rawValue: word) ?? earlier[word] else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "no state of a call: \(word)")
            }
            self = state
        }
    }

    /// What one snapshot, or the passing of time, says about one call.
    package enum Input: String, CaseIterable, Sendable, Codable {
        /// Not to be reported; `IgnoredReason` says why.
        case irrelevant
        /// As `ringing`, for an outgoing call that shows no line yet.
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
        /// Of an answered call: polls of the whole PBX have confirmed that no leg is left.
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
    package enum Command: String, Sendable {
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
    package enum Next: Equatable, Sendable {
        case state(State)
        /// Back to the state before `ending`, in which the same snapshot is then applied.
        case previous
        /// The old call ends, and the snapshot counts as that of a new one.
        case asNewCall
        /// It takes over the state of a call that was known under another id; the same snapshot is then applied.
        case takesOver
    }

    package let from: State
    package let input: Input
    package let next: Next
    package let commands: [Command]
    package let reason: String
    /// The reason for an outgoing call, in which `{agent}` stands for who calls; `nil` if it is the same.
    package let outgoingReason: String?

    /// Whether the state and the input cannot meet, so that the step is a fault of the bridge. A reported call then
    /// ends: better than staying open in Zammad for ever.
    package let isImpossible: Bool

    package init(from state: State, by input: Input) {
        let outcome = Self.outcome(state, input)
        from = state
        self.input = input
        isImpossible = outcome == nil
        (next, commands, reason, outgoingReason) =
            outcome ?? Self.to(.ended, .hangup, because: "lost by a fault of the bridge (\(state).\(input))")
    }

    private typealias Outcome = (next: Next, commands: [Command], reason: String, outgoingReason: String?)

    private static func to(
        _ next: State, _ commands: Command..., because reason: String, outgoing outgoingReason: String? = nil
    ) -> Outcome {
        (.state(next), commands, reason, outgoingReason)
    }

    private static func outcome(_ state: State, _ input: Input) -> Outcome? {
        switch (state, input) {

        // Not reported yet.
        case (.unknown, .irrelevant), (.ignored, .irrelevant), (.dialled, .irrelevant):
            to(.ignored, because: "ignored")
        case (.unknown, .routed), (.ignored, .routed):
            to(.dialled, because: "an outgoing call; reported when its line shows the number, or after 2 s")
        case (.unknown, .ringing), (.ignored, .ringing):
            to(
                .ringing, .newCall, because: "an external call reached a watched extension or queue",
                outgoing: "\(agent) calls an outside number")
        case (.unknown, .agentConnected), (.ignored, .agentConnected):
            to(
                .answered, .newCall, .answer, because: "an external call, already answered when first seen",
                outgoing: "a call by \(agent), already answered when first seen")
        case (.unknown, .voicemailConnected), (.ignored, .voicemailConnected):
            to(
                .voicemail, .newCall, .answerByVoicemail,
                because: "an external call, already with voicemail when first seen")
        case (.ignored, .vanished): to(.ended, because: "the ignored call is over")
        case (.ignored, .joining): to(.ignored, because: "about to go on with a call that is still listed")
        case (.ignored, .joined):
            (.takesOver, [], "goes on with a call that had another id (consultative transfer)", nil)

        // Outgoing, and no line yet.
        case (.dialled, .routed): to(.dialled, because: "the phone system still looks for a line")
        case (.dialled, .ringing):
            to(
                .ringing, .newCall, because: "the line shows the number, or it has taken too long",
                outgoing: "\(agent) calls an outside number")
        case (.dialled, .agentConnected):
            to(
                .answered, .newCall, .answer, because: "answered as soon as there was a line",
                outgoing: "a call by \(agent), answered as soon as there was a line")
        case (.dialled, .voicemailConnected):
            to(.voicemail, .newCall, .answerByVoicemail, because: "with voicemail as soon as there was a line")
        case (.dialled, .vanished):
            to(.ending, .newCall, because: "gone before there was a line; reported as dialled")

        // Reported, and nobody has answered.
        case (.ringing, .ringing): to(.ringing, because: "still waiting for an answer")
        case (.ringing, .irrelevant):
            to(.ringing, because: "left the watched extensions and queues unanswered; followed until it ends")
        case (.ringing, .agentConnected):
            to(
                .answered, .answer, because: "an agent answered", outgoing: "the outside party answered \(agent)")
        case (.ringing, .voicemailConnected): to(.voicemail, .answerByVoicemail, because: "voicemail took the call")

        // Answered by an agent.
        case (.answered, .agentConnected): to(.answered, because: "still talking to the same agent")
        case (.answered, .ringing):
            to(.answered, because: "answered, and nobody connected for now (hold, parking or transfer)")
        case (.answered, .irrelevant):
            to(.answered, because: "answered, and left the watched extensions and queues; followed until it ends")
        case (.answered, .voicemailConnected): to(.answered, because: "sent to voicemail by the agent")
        case (.answered, .otherAgentConnected):
            to(.answered, .answerIfFollowing, .splitIfSplitting, because: "transferred to another agent")

        // Answered by voicemail.
        case (.voicemail, .voicemailConnected): to(.voicemail, because: "still with voicemail")
        case (.voicemail, .ringing): to(.voicemail, because: "left voicemail and waits again")
        case (.voicemail, .irrelevant):
            to(.voicemail, because: "left the watched extensions and queues; followed until it ends")
        case (.voicemail, .agentConnected):
            to(.answered, .answer, because: "an agent took the call back from voicemail")

        // On the way out of a reported call.
        case (.ringing, .vanished), (.answered, .vanished), (.voicemail, .vanished):
            to(.ending, because: "not listed any more; over unless it comes back within the grace")
        case (.ringing, .turnedInternal), (.answered, .turnedInternal), (.voicemail, .turnedInternal):
            to(.ending, because: "shows no outside party; over unless it soon shows one again")
        case (.ending, .irrelevant), (.ending, .ringing), (.ending, .agentConnected),
            (.ending, .otherAgentConnected), (.ending, .voicemailConnected):
            (.previous, [], "listed again within the grace", nil)
        case (.ending, .turnedInternal): to(.ending, because: "still shows no outside party")
        case (.ending, .vanished): to(.ending, because: "still not listed")
        case (.ending, .graceElapsed): to(.ended, .hangup, because: "over: the PBX no longer lists it")
        case (.ending, .confirmedGone): to(.ended, .hangup, because: "over: polls confirm that no leg is left")
        case (.ending, .movedOn):
            to(.ended, because: "goes on under another id of the PBX (consultative transfer)")
        case (.ringing, .anotherCall), (.answered, .anotherCall), (.voicemail, .anotherCall),
            (.ending, .anotherCall):
            (.asNewCall, [.hangup], "the PBX has reused the id for another call", nil)

        // What cannot happen. An id that has ended is an unknown one again.
        case (.ended, _), (.unknown, .vanished): nil
        // The number of a reported call is known.
        case (_, .routed): nil
        // Only a reported call has a party that a snapshot can contradict.
        case (_, .anotherCall), (_, .turnedInternal): nil
        // Only an answered call can get another agent.
        case (_, .otherAgentConnected): nil
        // Only an ending call waits for its end, or goes on under another id.
        case (_, .graceElapsed), (_, .confirmedGone), (_, .movedOn): nil
        // Only an internal call can take over another call.
        case (_, .joining), (_, .joined): nil
        }
    }

    /// All that can happen.
    package static let all: [CallTransition] = State.allCases.flatMap { state in
        Input.allCases.map { CallTransition(from: state, by: $0) }.filter { !$0.isImpossible }
    }

    private static let agent = "{agent}"

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

extension CallTransition {
    /// Applies the step to a call that was seen.
    ///
    /// - Parameter next: The state to which the step leads.
    func advance(
        _ state: CallState?, to next: State, by seen: CallAssessment, of call: ObservedCall,
        _ settings: CallLifecycle.Settings, at now: Instant
    ) -> (CallState, [CallCommand]) {
        if next == .ignored {
            return (.ignored(seen.irrelevance ?? .noMonitoredDN, state?.firstSight ?? FirstSight(call)), [])
        }
        if next == .dialled {
            return (.dialled(call, until: state?.deadline ?? now + CallLifecycle.Settings.patience), [])
        }
        let before = state?.known
        var reported = before?.reported ?? ReportedCall(call, seen, settings: settings, at: now)
        if let addition = reported.addition(in: call) { reported.learn(addition) }
        var phase = before?.phase ?? .ringing
        if next == .voicemail { phase = .voicemail }
        let follows = input != .otherAgentConnected || settings.transfers != .ignore
        if next == .answered, follows, let agent = seen.answeringAgent { phase = .answered(by: agent) }
        let told = commands.flatMap { command -> [CallCommand] in
            switch command {
            case .newCall: return [reported.newCall(settings, agents: seen.involvedAgents, at: now)]
            case .answer: return [reported.answer(settings, phase, at: now)]
            case .answerByVoicemail: return [reported.answer(settings, .voicemail, at: now)]
            case .hangup: return [reported.hangup(settings, phase, cause: nil, at: now)]
            case .answerIfFollowing:
                return settings.transfers == .follow ? [reported.answer(settings, phase, at: now)] : []
            case .splitIfSplitting:
                guard settings.transfers == .split, let before, case .answered(let agent) = phase else { return [] }
                let hangup = reported.hangup(settings, before.phase, cause: .forwarded, at: now)
                reported.split(to: agent, instance: settings.instance, pbxCallID: call.id, at: now)
                return [
                    hangup, reported.newCall(settings, agents: [agent], at: now),
                    reported.answer(settings, phase, at: now),
                ]
            }
        }
        return (.live(reported, phase), told)
    }
}

/// What the machine decided about one call at one instant, and why: a line of the log, a step of `explain`.
package struct CallDecision: Equatable, Sendable, Codable {
    package var at: Instant
    package var pbxCallID: PBXCallID
    /// `nil` for a call that is not reported.
    package var callID: CallID?
    package var direction: CallDirection?
    package var externalNumber: String?
    package var from: CallTransition.State
    package var input: CallTransition.Input
    package var to: CallTransition.State
    package var reason: String
    package var commands: [CallCommand]
    package var phoneSystem: PhoneSystemName
}
