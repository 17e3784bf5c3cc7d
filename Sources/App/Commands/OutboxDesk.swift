import Adapters
import ArgumentParser
import Domain
import Ports

/// What the `outbox` commands have in common: the journal, which events are meant, and asking the daemon.
struct OutboxDesk {
    let listing: OutboxListing
    let openRequests: [OperatorRequest]
    let isBridgeRunning: Bool
    private let journal: OperatorJournal

    /// How long to wait for the daemon, which looks for requests every second.
    private static let patience: Duration = .seconds(5)

    /// `nil` if the bridge has never run with this state directory.
    static func open(_ directory: StateDirectory) async throws -> OutboxDesk? {
        guard let journal = try OperatorJournal.open(in: directory) else { return nil }
        return OutboxDesk(journal, try await journal.contents())
    }

    private init(_ journal: OperatorJournal, _ contents: OperatorJournal.Contents) {
        self.journal = journal
        listing = OutboxListing(contents.state, lastFailures: contents.lastFailures)
        openRequests = contents.openRequests
        isBridgeRunning = journal.isBridgeRunning
    }

    func close() throws { try journal.close() }

    /// Turns failures of the journal into a message and exit code 74.
    static func reportingFailures(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let failure as JournalFailure {
            throw ExitCode.journalUnusable.saying("\(failure)")
        }
    }

    static func nothingYet(_ directory: StateDirectory) -> String {
        "no journal at \(directory.journalFile) yet: the bridge has not run with this state directory"
    }

    /// Without a journal no event has the ids that were given.
    static func nothingYet(_ directory: StateDirectory, asked ids: [OutboxEvent.ID]) throws {
        guard ids.isEmpty else { throw ExitCode.expectationFailed.saying(nothingYet(directory)) }
        StandardStreams.printMessage(nothingYet(directory))
    }

    /// The events and tickets with these ids, or all in one of the states. Prints what is wrong with the ids and ends
    /// with 1.
    ///
    /// - Parameter mayChoosePending: whether one that waits may be chosen by its id.
    func choose(
        _ ids: [OutboxEvent.ID]?, of states: [OutboxListing.State],
        mayChoosePending: (OutboxItem) -> Bool = { _ in false }
    ) throws -> [OutboxItem] {
        guard let ids else {
            let chosen = listing.items.filter { $0.isIn(states) }
            if chosen.isEmpty { StandardStreams.printMessage("nothing to do") }
            let left = listing.entries.count { $0.state == .unconfirmed }
            if !states.contains(.unconfirmed), left > 0 {
                StandardStreams.printMessage(
                    "left out: \(left) unconfirmed; check whether Zammad has them, then name them by id")
            }
            return chosen
        }
        let known = Dictionary(listing.items.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var chosen: [OutboxItem] = []
        var isWrong = false
        for id in Set(ids).sorted() {
            switch known[id] {
            case nil:
                StandardStreams.printMessage(
                    "error: no event or ticket \(id) in the outbox; `outbox list` shows those that are")
                isWrong = true
            case let item? where item.isPending && !mayChoosePending(item):
                StandardStreams.printMessage(
                    item.isTicket
                        ? "error: ticket \(id) is pending: the bridge makes it by itself"
                        : "error: event \(id) is pending: the bridge sends it by itself")
                isWrong = true
            case let item?: chosen.append(item)
            }
        }
        if isWrong { throw ExitCode.expectationFailed }
        return chosen
    }

    /// Asks the daemon, and waits for it a moment if it runs.
    func ask(_ action: OperatorRequest.Action, _ chosen: [OutboxItem]) async throws {
        guard !chosen.isEmpty else { return }
        let clock = SystemClock()
        let mine = try await journal.request(action, chosen.map(\.id), at: clock.now())
        let events = OutboxItem.count(chosen)
        let isTicket = chosen.allSatisfy(\.isTicket)
        let deed = action == .drop ? "discarded" : isTicket ? "tried again" : "sent again"
        guard isBridgeRunning else {
            return StandardStreams.printMessage("\(events) will be \(deed) when the bridge runs next")
        }
        let deadline = clock.now() + Self.patience
        while clock.now() < deadline {
            if try await journal.openRequests().allSatisfy({ !mine.contains($0.id) }) {
                let done = action == .retry ? "\(events) on the way again" : "\(events) discarded"
                return StandardStreams.printMessage(done)
            }
            try await clock.sleep(until: clock.now() + .milliseconds(100))
        }
        StandardStreams.printMessage("\(events) will be \(deed) by the running bridge, which has not got to it yet")
    }
}
