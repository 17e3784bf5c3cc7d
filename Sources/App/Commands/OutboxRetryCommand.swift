import Adapters
import ArgumentParser
import Domain
import Ports

struct OutboxRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Retry dead letters, unconfirmed events or tickets that were given up.",
        discussion: """
            --all takes all dead letters and all tickets that were given up. Unconfirmed events are retried by id \
            only: a hangup that is sent twice clears the to-do of a missed call in Zammad. Check there first.
            """)

    @OptionGroup var options: OutboxOptions

    @Argument(help: ArgumentHelp("Events and tickets, by the ids that list shows.", valueName: "id"))
    var ids: [Int] = []

    @Flag(help: "All dead letters and tickets that were given up.")
    var all = false

    func validate() throws {
        guard ids.isEmpty == all else { throw ValidationError("give ids, or --all") }
    }

    func run() async throws {
        let directory = try options.stateDirectory()
        try await OutboxDesk.reportingFailures {
            guard let desk = try await OutboxDesk.open(directory) else {
                return try OutboxDesk.nothingYet(directory, asked: ids)
            }
            let chosen = try desk.choose(all ? nil : ids, of: [.deadLetter])
            try await desk.ask(.retry, chosen)
            try desk.close()
        }
    }
}
