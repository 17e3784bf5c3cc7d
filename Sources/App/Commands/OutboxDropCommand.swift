import Adapters
import ArgumentParser
import Domain
import Ports

struct OutboxDropCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Discard dead letters, unconfirmed events or tickets for good.",
        discussion: """
            Asks first; without a terminal it needs --yes. By its id it also discards a ticket that waits, \
            or an event that waits for a Zammad which is no longer in the configuration.
            """)

    @OptionGroup var options: OutboxOptions

    @Argument(help: ArgumentHelp("Events and tickets, by the ids that list shows.", valueName: "id"))
    var ids: [Int] = []

    @Flag(help: "All dead letters, unconfirmed events and tickets that were given up.")
    var all = false

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    func validate() throws {
        guard ids.isEmpty == all else { throw ValidationError("give ids, or --all") }
        guard yes || StandardStreams.inputIsTerminal else {
            throw ValidationError("there is no terminal to ask on; add --yes to discard without being asked")
        }
    }

    func run() async throws {
        let directory = try options.stateDirectory()
        try await OutboxDesk.reportingFailures {
            guard let desk = try await OutboxDesk.open(directory) else {
                return try OutboxDesk.nothingYet(directory, asked: ids)
            }
            let configured = try options.zammads()
            let chosen = try desk.choose(all ? nil : ids, of: [.deadLetter, .unconfirmed]) { item in
                if item.isTicket { return true }
                // What has the default name is of the first.
                guard item.zammad != .default else { return false }
                return configured.map { !$0.contains(item.zammad) } ?? false
            }
            guard yes || chosen.isEmpty || isWanted(chosen) else {
                StandardStreams.printMessage("nothing was discarded")
                return try desk.close()
            }
            try await desk.ask(.drop, chosen)
            try desk.close()
        }
    }

    private func isWanted(_ chosen: [OutboxItem]) -> Bool {
        for item in chosen { StandardStreams.printMessage(OutboxReport.line(item)) }
        let them = chosen.count == 1 ? "it" : "all \(chosen.count)"
        StandardStreams.printPrompt("Zammad will never get this. Discard \(them)? [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased())
    }
}
