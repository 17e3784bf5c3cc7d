package import Domain

/// Whose calls are told, and what does not fit between the configuration and the PBX: what an operator wants to have in
/// sight.
package struct WatchList: Equatable, Sendable {
    package struct Station: Equatable, Sendable {
        package var number: String
        package var name: String?
        package var kind: DNKind

        package init(_ number: String, name: String? = nil, kind: DNKind) {
            self.number = number
            self.name = name
            self.kind = kind
        }
    }

    /// By their numbers.
    package var stations: [Station]
    /// What would be watched as well, did `3CX.include` and `3CX.exclude` not leave it out.
    package var leftOut: [String]
    package var warnings: [StandingWarning]

    package init(stations: [Station] = [], leftOut: [String] = [], warnings: [StandingWarning] = []) {
        self.stations = stations
        self.leftOut = leftOut
        self.warnings = warnings
    }
}

/// What a DN is. A PBX has more kinds; those that make no difference for the helpdesk are `other`.
package enum DNKind: String, CaseIterable, Sendable, Codable {
    case `extension`
    case trunk
    case queue
    case ringGroup
    case ivr
    case voicemail
    case other

    /// The role that a leg on such a DN plays in a call.
    package var legRole: LegRole {
        switch self {
        case .extension: .agent
        case .queue: .queue
        case .ringGroup: .ringGroup
        case .ivr: .ivr
        case .voicemail: .voicemail
        case .trunk, .other: .other
        }
    }
}

/// Something that stays wrong until somebody changes it, here or in 3CX, while calls are seen all the same.
package struct StandingWarning: Hashable, Sendable {
    package enum Cause: Sendable {
        /// The configuration names something that 3CX does not have, or does not show.
        case configuration
        case phoneSystem
    }

    package var cause: Cause
    package var text: String
    package var remedy: String

    package init(_ cause: Cause, _ text: String, remedy: String) {
        self.cause = cause
        self.text = text
        self.remedy = remedy
    }

    /// The remedy for what the bridge itself should do better.
    package static let report = "report this with a recording (zammadbridge record)"

    /// The same for the log.
    package var notice: Notice { Notice(.warning, text, remedy: remedy) }
}
