import Ports

@testable import Domain

/// A journal whose disk fails after so many commits.
actor FailingJournal: Journal {
    static let failure = JournalFailure("the disk is full", at: "/state", remedy: "free space")

    private var left: Int
    private let failsRequests: Bool
    /// What was allowed to be sent.
    private(set) var attemptsKept: Set<CallCommand> = []

    init(after commits: Int, failsRequests: Bool = false) {
        left = commits
        self.failsRequests = failsRequests
    }

    func load() async throws(JournalFailure) -> SavedCore { SavedCore() }

    func commit(_ entry: JournalEntry) async throws(JournalFailure) {
        guard left > 0 else { throw Self.failure }
        left -= 1
        for case .inFlight(let attempt)? in entry.change.lanes.values.map({ $0?.status }) {
            attemptsKept.insert(attempt.command)
        }
    }

    func openRequests() async throws(JournalFailure) -> [OperatorRequest] {
        guard failsRequests else { return [] }
        throw Self.failure
    }
}
