import ArgumentParser

struct OutboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox",
        abstract: "Show, retry or discard what may not have reached Zammad: events and tickets.",
        discussion: """
            Reads the journal in the state directory, beside the running bridge or without it. docs/outbox.md \
            describes the output.
            """,
        subcommands: [OutboxListCommand.self, OutboxRetryCommand.self, OutboxDropCommand.self],
        defaultSubcommand: OutboxListCommand.self)
}
