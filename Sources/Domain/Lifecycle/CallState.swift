/// Where one call is in its life. `CallTransition` says which state follows from which.
package indirect enum CallState: Equatable, Sendable, Encodable {
    /// Seen, and not reported. Successors: the same with another reason, `joining`, `dialled`, `live`, gone.
    case ignored(IgnoredReason, FirstSight?)
    /// Not reported: an internal call, as last seen, that shows the external party of an answered call which is still
    /// listed. Successors: `live` once that one is gone; all of `ignored`.
    case joining(ObservedCall, FirstSight?)
    /// An outgoing call for which the PBX has no line yet, as last seen. Zammad keeps the first number that it is told,
    /// so the call is not reported until a line shows the number, or until `until`, with what was dialled. Successors:
    /// `live`, `ending`, `ignored`.
    case dialled(ObservedCall, until: Instant)
    /// Reported to Zammad and listed by the PBX. Successors: `live` in a later phase, `ending`.
    case live(ReportedCall, CallPhase)
    /// Reported, and not listed since `since`; it ends at `until` unless it comes back. Successors: `live`, gone.
    case ending(ReportedCall, CallPhase, since: Instant, until: Instant)

    package var kind: CallTransition.State {
        switch self {
        case .ignored, .joining: .ignored
        case .dialled: .dialled
        case .live(_, .ringing): .ringing
        case .live(_, .answered): .answered
        case .live(_, .voicemail): .voicemail
        case .ending: .ending
        }
    }

    package var reported: ReportedCall? { known?.reported }

    /// Whether the journal keeps it. Others need not outlive the process: the next poll shows them again.
    var isKept: Bool {
        switch self {
        case .ignored, .joining: false
        case .dialled, .live, .ending: true
        }
    }

    /// What is known of a call that was reported.
    typealias Known = (reported: ReportedCall, phase: CallPhase)

    /// `nil` for one that was not.
    var known: Known? {
        switch self {
        case .ignored, .joining, .dialled: nil
        case .live(let reported, let phase), .ending(let reported, let phase, _, _): (reported, phase)
        }
    }

    /// Of a call that is not reported.
    var firstSight: FirstSight? {
        switch self {
        case .ignored(_, let firstSight), .joining(_, let firstSight): firstSight
        case .dialled, .live, .ending: nil
        }
    }

    var isJoining: Bool { if case .joining = self { true } else { false } }

    /// When something is to be done although nothing is seen.
    var deadline: Instant? {
        switch self {
        case .dialled(_, let until), .ending(_, _, _, let until): until
        case .ignored, .joining, .live: nil
        }
    }
}

/// How far a reported call has come.
package enum CallPhase: Hashable, Sendable, Encodable {
    /// Nobody has answered yet. Successors: `answered`, `voicemail`.
    case ringing
    /// Final but for the agent, who changes in a transfer.
    case answered(by: Station)
    /// Successor: `answered`.
    case voicemail

    /// Who has answered.
    var agent: Station? { if case .answered(let agent) = self { agent } else { nil } }
}

/// A DN with the name that the PBX shows for it.
package struct Station: Hashable, Sendable, Codable {
    package var dn: String
    package var name: String?

    package init(dn: String, name: String? = nil) {
        self.dn = dn
        self.name = name
    }

    /// The name, or the number of a DN without one.
    package var label: String { name ?? dn }
}

/// Why a call is not reported; kept so that the log and `explain` can say it.
package enum IgnoredReason: String, CaseIterable, Sendable, Encodable {
    case internalCall
    case noMonitoredDN
    case directionUnknown
    case excludedExtension
    case ignoredNumber
    case anonymousCaller
    case noZammad

    package var explanation: String {
        switch self {
        case .internalCall: "no external party takes part"
        case .noMonitoredDN: "it touches no watched extension or queue"
        case .directionUnknown: "the PBX does not show yet who calls whom"
        case .excludedExtension: "it touches only extensions that 3CX.include and 3CX.exclude leave out"
        case .ignoredNumber: "3CX.ignore_numbers names the other party"
        case .anonymousCaller: "the caller shows no number, and 3CX.anonymous says ignore"
        case .noZammad: "no Zammad takes it: nothing in Zammad.match fits"
        }
    }
}

/// What is known of a call that Zammad was told about, and what it was told.
package struct ReportedCall: Hashable, Sendable, Codable {
    package var callID: CallID
    package var firstSeen: Instant
    package var direction: CallCommand.Direction
    /// As the PBX shows it, for comparison with later snapshots; `nil` while anonymous.
    package var externalNumber: String?
    /// Every queue call keeps its queue, also when it rings at agents: until answered, the caller waits there.
    package var queue: Station?
    /// The DN named by `newCall`, and who was named with it.
    package var announced: Station
    /// Whether the PBX goes on with the call under another id than the one that `callID` is made of: snapshots then no
    /// longer tell its direction. `nil`, as in older journals, for no.
    package var hasMoved: Bool?
    /// The Zammad that is told of it.
    package var zammad: ZammadName
    /// Whether the PBX has been asked to end it. `nil`, as in older journals, for no.
    package var isDropAsked: Bool?
    /// As the PBX shows the external party.
    package var externalName: String?
    /// Whether the number is what was dialled, since no line has been shown yet. `nil`, as in older journals, for no.
    package var isNumberDialled: Bool?
}
