import Domain

/// How the bridge stands, in the numbers and states that one sentence can hold.
struct BridgeStanding: Equatable, Sendable {
    /// Calls that Zammad has been told of, or will be.
    var liveCalls: Int
    var pendingEvents: Int
    /// `nil` before the first look.
    var phoneSystem: SourceHealth?
    var zammad: ZammadHealth

    /// `3 calls, 0 events pending, 3CX and Zammad reachable`
    var sentence: String {
        let counts = "\(Self.counted(liveCalls, "call")), \(Self.counted(pendingEvents, "event")) pending"
        let (phoneSystem, zammad) = (phoneSystemText, zammadText)
        if phoneSystem == zammad { return "\(counts), 3CX and Zammad \(zammad)" }
        return "\(counts), 3CX \(phoneSystem), Zammad \(zammad)"
    }

    private var phoneSystemText: String {
        switch phoneSystem {
        case nil, .connecting(_, nil): "not seen yet"
        case .live: "reachable"
        case .degraded(_, _, .incomplete): "seen in part"
        case .connecting(_, let failed?), .degraded(_, _, .failing(let failed)), .unavailable(_, _, let failed):
            Self.text(of: failed.fault)
        case .stopping: "no longer looked at"
        }
    }

    private var zammadText: String {
        switch zammad {
        case .up: "reachable"
        case .down: "unreachable"
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
