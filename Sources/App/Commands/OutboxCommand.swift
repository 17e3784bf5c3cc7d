import ArgumentParser

struct OutboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox",
        abstract: "Show, try again or give up what Zammad does not have for certain: events and tickets.",
        discussion: """
            Reads the journal in the state directory, beside the running bridge or without it. docs/outbox.md \
            describes the output.
            """,
        subcommands: [OutboxListCommand.self, OutboxRetryCommand.self, OutboxDropCommand.self],
        defaultSubcommand: OutboxListCommand.self)
}
