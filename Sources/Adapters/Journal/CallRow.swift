import Domain

/// How a call stands in the table `calls`. Names are the file's format, as those of `LaneRow`.
enum CallRow: Codable {
    case dialled(ObservedCall, until: Instant)
    case live(ReportedCall, Phase)
    case lingering(ReportedCall, Phase, since: Instant, until: Instant)

    enum Phase: Codable {
        case ringing
        case answered(by: Station)
        case voicemail
    }

    /// `nil` for a call that need not outlive the process.
    init?(_ state: CallState) {
        switch state {
        case .ignored, .joining: return nil
        case .dialled(let call, let until): self = .dialled(call, until: until)
        case .live(let call, let phase): self = .live(call, Phase(phase))
        case .ending(let call, let phase, let since, let until):
            self = .lingering(call, Phase(phase), since: since, until: until)
        }
    }

    var state: CallState {
        switch self {
        case .dialled(let call, let until): .dialled(call, until: until)
        case .live(let call, let phase): .live(call, phase.phase)
        case .lingering(let call, let phase, let since, let until):
            .ending(call, phase.phase, since: since, until: until)
        }
    }
}

extension CallRow.Phase {
    fileprivate init(_ phase: CallPhase) {
        switch phase {
        case .ringing: self = .ringing
        case .answered(let agent): self = .answered(by: agent)
        case .voicemail: self = .voicemail
        }
    }

    fileprivate var phase: CallPhase {
        switch self {
        case .ringing: .ringing
        case .answered(let agent): .answered(by: agent)
        case .voicemail: .voicemail
        }
    }
}
