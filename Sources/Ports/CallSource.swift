package import Domain

/// Watches a PBX and reports what it sees; knows nothing of Zammad.
package protocol CallSource: Sendable {
    /// Looks at the PBX until the calling task is cancelled, and returns then.
    ///
    /// `report` is awaited before the next report, so that a slow receiver slows the polls and nothing piles up.
    /// Reports come in the order of the polls. A poll that fails is reported as such and tried again for ever; it never
    /// ends the source.
    func run(_ report: @escaping @Sendable (CallSourceReport) async -> Void) async
}

/// One thing that a source has to say.
package enum CallSourceReport: Equatable, Sendable {
    case polled(CallSnapshot, notices: [Notice] = [])
    case pollFailed(PollFailure, at: Instant)
    /// Something that the operator should know: which interface was chosen, what could not be read.
    case notice(Notice)
    /// What is watched has changed, or what stands wrong with it; comes after the poll that showed it.
    case watching(WatchList)
    /// How well the PBX is seen has changed: the state, or the reason for it. Comes after the poll that changed it;
    /// further looks of the same kind are not reported again, so that the count of failures in it is that of the
    /// change. Before the first change the source is `connecting`; that it stops is not reported, since whoever cancels
    /// it knows.
    case healthChanged(SourceHealth)
}

/// A sentence for the log.
package struct Notice: Hashable, Sendable {
    package enum Level: String, Sendable {
        case debug
        case info
        case warning
    }

    /// Whoever shows notices beside other findings goes by it.
    package enum Topic: Sendable {
        /// Which interface is used.
        case interface
        /// Which extensions and queues are watched; `WatchList` says it too.
        case watched
        /// That all of them are watched, since the configuration names none.
        case watchesAll
        /// What a `StandingWarning` says too.
        case standing
        case other
    }

    package let level: Level
    /// What happened.
    package let what: String
    /// What the operator can do.
    package let remedy: String?
    package let topic: Topic

    package init(_ level: Level, _ what: String, remedy: String? = nil, about topic: Topic = .other) {
        self.level = level
        self.what = what
        self.remedy = remedy
        self.topic = topic
    }

    /// As the log has it.
    package var text: String { remedy.map { "\(what); \($0)" } ?? what }

    /// Whoever says each notice once goes by what it says.
    package static func == (left: Notice, right: Notice) -> Bool {
        left.level == right.level && left.text == right.text
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(level)
        hasher.combine(text)
    }
}

/// Why a look at the PBX gave no snapshot: what happened, where, and what to do.
package struct PollFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// No answer, or a server error: it may pass by itself.
        case unreachable
        case credentialsRefused
        /// The account may not ask this, or the licence does not cover it.
        case permissionMissing
        /// The PBX does not have this interface: another version, or another server.
        case interfaceMissing
        /// An answer that is not what the interface promises.
        case malformedAnswer
        /// The configuration names something that the PBX does not have.
        case configuration
        case cancelled

        /// The kind in the terms of the core.
        package var fault: SourceFault {
            switch self {
            // A request that is cancelled while the source goes on was cut off by something that passes.
            case .unreachable, .cancelled: .unreachable
            case .credentialsRefused: .credentialsRefused
            case .permissionMissing: .permissionMissing
            case .interfaceMissing: .interfaceMissing
            case .malformedAnswer: .malformedAnswer
            case .configuration: .configuration
            }
        }
    }

    package var kind: Kind
    package var what: String
    /// Method, scheme, host and path, without secrets.
    package var place: String
    package var remedy: String

    package init(_ kind: Kind, _ what: String, at place: String, remedy: String) {
        self.kind = kind
        self.what = what
        self.place = place
        self.remedy = remedy
    }

    package var description: String { "\(what) at \(place); \(remedy)" }
}
