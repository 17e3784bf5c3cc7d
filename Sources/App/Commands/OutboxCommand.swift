import Adapters
import ArgumentParser
import Domain
import Ports

struct OutboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox",
        abstract: "Show, send again or give up what Zammad does not have for certain.",
        discussion: """
            Reads the journal in the state directory, beside the running bridge or without it. docs/outbox.md describes the \
            output.
            """,
        subcommands: [OutboxListCommand.self, OutboxRetryCommand.self, OutboxDropCommand.self],
        defaultSubcommand: OutboxListCommand.self)
}

struct OutboxListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List pending events, dead letters and unconfirmed events, with the account over all (default).")

    @OptionGroup var configurationOptions: ConfigurationOptions

    @Flag(help: "Print JSON; docs/outbox.md describes it.")
    var json = false

    func run() async throws {
        let directory = try configurationOptions.load().stateDirectory
        try await OutboxDesk.reportingFailures {
            let report: OutboxReport
            if let desk = try await OutboxDesk.open(directory) {
                report = OutboxReport(
                    listing: desk.listing, openRequests: desk.openRequests, isBridgeRunning: desk.isBridgeRunning)
                try desk.close()
            } else {
                StandardStreams.printMessage(OutboxDesk.nothingYet(directory))
                report = OutboxReport(
                    listing: OutboxListing(SavedCore()), openRequests: [], isBridgeRunning: false)
            }
            StandardStreams.printData(json ? try report.json() : report.text())
        }
    }
}

struct OutboxRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Send dead letters or unconfirmed events again.",
        discussion: """
            --all takes all dead letters. Unconfirmed events are taken by their id only: sent twice, the hangup of a missed \
            call clears its to-do in Zammad. Look there first.
            """)

    @OptionGroup var configurationOptions: ConfigurationOptions

    @Argument(help: ArgumentHelp("Events, by the ids that list shows.", valueName: "id"))
    var ids: [Int] = []

    @Flag(help: "All dead letters.")
    var all = false

    func validate() throws {
        guard ids.isEmpty == all else { throw ValidationError("give ids, or --all") }
    }

    func run() async throws {
        let directory = try configurationOptions.load().stateDirectory
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

struct OutboxDropCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Give up dead letters or unconfirmed events for good.",
        discussion: "Asks first; without a terminal it needs --yes.")

    @OptionGroup var configurationOptions: ConfigurationOptions

    @Argument(help: ArgumentHelp("Events, by the ids that list shows.", valueName: "id"))
    var ids: [Int] = []

    @Flag(help: "All dead letters and unconfirmed events.")
    var all = false

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    func validate() throws {
        guard ids.isEmpty == all else { throw ValidationError("give ids, or --all") }
        guard yes || StandardStreams.inputIsTerminal else {
            throw ValidationError("there is no terminal to ask on; add --yes to drop without being asked")
        }
    }

    func run() async throws {
        let directory = try configurationOptions.load().stateDirectory
        try await OutboxDesk.reportingFailures {
            guard let desk = try await OutboxDesk.open(directory) else {
                return try OutboxDesk.nothingYet(directory, asked: ids)
            }
            let chosen = try desk.choose(all ? nil : ids, of: [.deadLetter, .unconfirmed])
            guard yes || chosen.isEmpty || isWanted(desk, chosen) else {
                StandardStreams.printMessage("nothing was dropped")
                return try desk.close()
            }
            try await desk.ask(.drop, chosen)
            try desk.close()
        }
    }

    private func isWanted(_ desk: OutboxDesk, _ chosen: [OutboxListing.Entry]) -> Bool {
        for entry in chosen { StandardStreams.printMessage(OutboxReport.line(entry)) }
        StandardStreams.printPrompt("Zammad will never be told of what stands here. Drop \(chosen.count == 1 ? "it" : "all \(chosen.count)")? [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased())
    }
}
