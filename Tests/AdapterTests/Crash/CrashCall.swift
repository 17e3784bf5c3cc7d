/// A call and how it will go, one scene after the other until the PBX no longer shows it.
struct CrashCall: Sendable {
    enum Plot: CaseIterable, Sendable {
        case answered
        case transferred
        case missed
        case outbound
        case outboundUnanswered
        case queueAnswered
        case queueMissed
    }

    let id: Int64
    let plot: Plot
    let scenes: [SceneCall]
    /// Of the scene that the PBX shows; behind the last one when the call is over.
    private var position = 0
    /// How many of the scenes were shown until a running daemon had taken them in.
    private var seenCount = 0

    init(_ id: Int64, _ plot: Plot) {
        self.id = id
        self.plot = plot
        let phases: [(SceneCall.Phase, agent: String)] =
            switch plot {
            case .answered: [(.inboundRinging, "101"), (.inboundTalking, "101")]
            case .transferred: [(.inboundRinging, "101"), (.inboundTalking, "101"), (.inboundTalking, "102")]
            case .missed: [(.inboundRinging, "102")]
            case .outbound: [(.outboundDialing, "101"), (.outboundTalking, "101")]
            case .outboundUnanswered: [(.outboundDialing, "102")]
            case .queueAnswered: [(.queueWaiting, "101"), (.queueTalking, "102")]
            case .queueMissed: [(.queueWaiting, "101")]
            }
        scenes = phases.map { SceneCall(id, $0.0, number: "+4930231\(id)", agent: $0.agent) }
    }

    /// What the PBX shows; `nil` when the call is over.
    var scene: SceneCall? { position < scenes.count ? scenes[position] : nil }

    /// A daemon has taken in the scene, and the call may go on.
    mutating func wasSeen(goesOn: Bool) {
        seenCount = position + 1
        if goesOn { position += 1 }
    }

    private var seen: ArraySlice<SceneCall> { scenes.prefix(seenCount) }
    var isInbound: Bool { plot != .outbound && plot != .outboundUnanswered }
    var isAnswered: Bool { seen.contains { Self.talking.contains($0.phase) } }

    /// Each event once, in order, with the agent who answered.
    var expectedEvents: [String] {
        ["newCall"] + seen.filter { Self.talking.contains($0.phase) }.map { "answer \($0.agent)" } + ["hangup"]
    }

    private static let talking: [SceneCall.Phase] = [.inboundTalking, .outboundTalking, .queueTalking]
}
