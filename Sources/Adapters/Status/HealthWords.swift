import Domain

/// How 3CX and Zammad are, in words.
enum HealthWords {
    static let zammadRemedy =
        "Check Zammad.endpoint, what stands in front of Zammad and, in Zammad, Admin > System > Integrations > CTI "
        + "(generic)."

    /// Behind the remedy of a rejected login.
    static let loginPace =
        "; then reload the bridge, which tries at once, or wait: it tries after 1, 5 and then every 15 minutes"

    static func sentence(_ health: SourceHealth) -> String {
        switch health {
        case .connecting(_, nil): "Connecting to 3CX"
        case .connecting(_, let failed?):
            failed.fault == .credentialsRefused ? "3CX refuses the login" : "3CX has not answered yet"
        case .live: "3CX answers; its calls are seen"
        case .degraded(_, _, .incomplete):
            "3CX’s answers can be read only in part. For 30 s no call ends; after that, only calls that cannot be read "
                + "stay open"
        case .degraded(_, _, .slow): "3CX takes seconds to answer; calls are reported late"
        case .degraded(_, _, .failing): "3CX did not answer the last poll; live calls stay as they are"
        case .unavailable(_, _, let failed):
            failed.fault == .credentialsRefused
                ? "3CX refuses the login; no call is seen until it accepts it"
                : "3CX is not seen; live calls stay as they are"
        case .stopping: "The bridge is stopping"
        }
    }

    static func sentence(_ health: ZammadHealth) -> String {
        switch health {
        case .up: "Zammad takes events"
        case .down: "Zammad is unreachable; events wait, and none is lost"
        case .failing: "Zammad fails at every event; they wait, and none is lost"
        case .misconfigured: "Zammad refuses all events; they wait, and none is lost"
        }
    }

    static func remedy(_ health: ZammadHealth) -> String? {
        switch health {
        case .up: nil
        case .down: "Check Zammad and the network. The bridge tries again by itself."
        case .failing: "Check Zammad’s log, and the log of any proxy in front of it. The bridge tries again by itself."
        case .misconfigured: zammadRemedy + " The bridge asks again by itself."
        }
    }
}

extension SourceHealth {
    /// Whether the calls of 3CX are seen.
    var isReachable: Bool {
        switch self {
        case .live, .degraded: true
        case .connecting, .unavailable, .stopping: false
        }
    }
}

extension ZammadHealth {
    /// The state's name for programs.
    var name: String {
        switch self {
        case .up: "up"
        case .down: "down"
        case .failing: "failing"
        case .misconfigured: "misconfigured"
        }
    }
}
