package import Domain

/// Does something with the calls of a PBX.
package protocol CallControl: Sendable {
    /// Ends a call, once: there is no second attempt. Ends within a time of its own.
    func drop(_ call: PBXCallID) async -> CallDropOutcome
}

/// What came of the wish to end a call.
package enum CallDropOutcome: Equatable, Sendable {
    case dropped
    /// It was over already.
    case gone
    case failed(PollFailure)

    /// The outcome's name, as metrics and `simulate` show it.
    package var word: String {
        switch self {
        case .dropped: "dropped"
        case .gone: "gone"
        case .failed: "failed"
        }
    }

    /// All that `word` can be.
    package static let allWords = ["dropped", "gone", "failed"]
}
