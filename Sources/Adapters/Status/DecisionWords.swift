package import Domain

/// A decision as one sentence.
package enum DecisionWords {
    package static func sentence(_ decision: CallDecision, _ privacy: StatusPrivacy) -> String {
        let number = decision.externalNumber.map(privacy.shown) ?? NumberPlan.anonymous
        let isOutbound = decision.direction == .outbound
        let party = isOutbound ? "Call to \(number)" : "Call from \(number)"
        let command = decision.commands.last
        switch decision.to {
        case .unknown: return party
        case .ignored: return "Ignored a call: \(decision.reason)"
        case .dialled: return "\(party), which has no line yet"
        case .ringing:
            guard let command else { return "\(party) is back" }
            let names = command.users.isEmpty ? command.station : command.users.joined(separator: ", ")
            return isOutbound ? "\(names) calls \(number)" : "\(party) for \(names)"
        case .answered:
            guard let command else {
                return decision.from == .ending ? "\(party) is back" : "\(party): \(decision.reason)"
            }
            // The answer to an outbound call names nobody, but the call that begins with it does.
            let name = decision.commands.last { !$0.users.isEmpty }?.users.first
            let who = name.map { $0 == command.station ? $0 : "\($0) (\(command.station))" } ?? command.station
            if isOutbound { return "\(number) answered the call of \(who)" }
            return decision.from == .answered ? "\(party) went on to \(who)" : "\(who) answered the call from \(number)"
        case .voicemail: return decision.from == .ending ? "\(party) is back" : "\(party) went to voicemail"
        case .ending: return "\(party) is out of sight; it has ended unless it comes back"
        case .ended:
            guard let cause = command?.cause else { return "\(party) is over" }
            return "\(party) is over: \(words(for: cause))"
        }
    }

    package static func words(for cause: HangupCause) -> String {
        switch cause {
        case .normalClearing: "it was answered"
        case .voicemail: "voicemail took it"
        case .cancel: "nobody answered"
        case .forwarded: "nobody answered, and no to-do is kept"
        }
    }
}

extension CallCommand {
    /// The DN on the PBX's side.
    package var station: String { direction == .inbound ? to : from }
}
