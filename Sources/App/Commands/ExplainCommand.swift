import Adapters
import ArgumentParser
import Ports

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show everything that happened to a call, and why.",
        discussion: """
            Reads the journal in the state directory, beside the running bridge or without it: every snapshot that \
            changed the call, every decision with its reason, every request to Zammad with its answer. Calls that \
            were ignored are in it as well. Exits with 1 if no such call is known. docs/status.md describes the output.
            """)

    @OptionGroup var options: OutboxOptions

    @Argument(
        help: ArgumentHelp(
            "The call: its id in Zammad, its id in 3CX, or the outside number (its last three digits or more).",
            valueName: "call"))
    var call: String

    @Option(name: .shortAndLong, help: "At most this many calls, the latest first.")
    var limit = 5

    @Flag(help: "Print JSON; docs/status.md describes it.")
    var json = false

    @Flag(help: "Print full numbers, and names of callers.")
    var showNumbers = false

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit is from 1 to 1000") }
        guard !call.isEmpty else { throw ValidationError("name a call") }
    }

    func run() async throws {
        let directory = try options.stateDirectory()
        try await OutboxDesk.reportingFailures {
            guard let journal = try OperatorJournal.open(in: directory) else {
                throw ExitCode.expectationFailed.saying(OutboxDesk.nothingYet(directory))
            }
            let found = try await journal.history(of: call, most: limit)
            try journal.close()
            let report = ExplainReport(
                calls: found.calls, more: found.more, privacy: StatusPrivacy(showsNumbers: showNumbers))
            if json { StandardStreams.printData(try report.json()) }
            guard !found.calls.isEmpty else {
                throw ExitCode.expectationFailed.saying(
                    "no call \(call) in \(directory.journalFile); give the id that the "
                        + "log or Zammad shows, or the last digits of the number; calls older than Bridge.history_days "
                        + "are forgotten, and calls that 3CX did not show to the bridge are not known")
            }
            if !json { StandardStreams.printData(report.text()) }
        }
    }
}
