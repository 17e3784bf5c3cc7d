import Domain

/// How the bridge stands, in the numbers and states that one sentence can hold.
struct BridgeStanding: Sendable {
    /// Calls that Zammad has been told of, or will be.
    var liveCalls: Int
    var pendingEvents: Int
    /// Without a health before the first poll.
    var phoneSystems: [(name: PhoneSystemName, health: SourceHealth?)]
    var zammads: [(name: ZammadName, health: ZammadHealth)]

    /// `3 calls, 0 events pending, 3CX and Zammad reachable`
    var sentence: String {
        let counts = "\(Self.counted(liveCalls, "call")), \(Self.counted(pendingEvents, "event")) pending"
        let phoneSystem = Self.together(phoneSystems.map { ($0.name.text, Self.text($0.health)) })
        let zammad = Self.together(zammads.map { ($0.name.text, Self.text($0.health)) })
        if phoneSystem == zammad { return "\(counts), 3CX and Zammad \(zammad)" }
        return "\(counts), 3CX \(phoneSystem), Zammad \(zammad)"
    }

    /// One word for all if they are alike, else each with its name.
    private static func together(_ sides: [(name: String, text: String)]) -> String {
        guard let first = sides.first, sides.contains(where: { $0.text != first.text }) else {
            return sides.first?.text ?? "none"
        }
        return sides.map { "\($0.name) \($0.text)" }.joined(separator: ", ")
    }

    private static func text(_ health: SourceHealth?) -> String {
        switch health {
        case nil, .connecting(_, nil): "not seen yet"
        case .live: "reachable"
        case .degraded(_, _, .incomplete): "seen in part"
        case .degraded(_, _, .slow): "slow"
        case .connecting(_, let failed?), .degraded(_, _, .failing(let failed)), .unavailable(_, _, let failed):
            text(of: failed.fault)
        case .stopping: "no longer polled"
        }
    }

    private static func text(_ health: ZammadHealth) -> String {
        switch health {
        case .up: "reachable"
        case .down: "unreachable"
        case .failing: "fails at every event"
        case .misconfigured: "refuses all events"
        }
    }

    private static func text(of fault: SourceFault) -> String {
        switch fault {
        case .unreachable: "unreachable"
        case .credentialsRefused: "refuses the login"
        case .permissionMissing: "denies access"
        case .interfaceMissing: "lacks the interface"
        case .malformedAnswer: "answers nonsense"
        case .configuration: "lacks what the configuration names"
        }
    }

    private static func counted(_ number: Int, _ word: String) -> String {
        "\(number) \(word)\(number == 1 ? "" : "s")"
    }
}

extension BridgeStanding {
    /// `healths`: how well the phone systems are seen.
    init(_ core: BridgeCore, _ healths: [PhoneSystemName: SourceHealth]) {
        liveCalls = core.phoneSystems.reduce(0) { $0 + $1.lifecycle.calls.values.count { $0.reported != nil } }
        pendingEvents = core.account.pending
        phoneSystems = core.phoneSystems.map { ($0.name, healths[$0.name]) }
        zammads = core.zammads.filter { $0.duty != .retired }.map { ($0.name, $0.health) }
    }
}
