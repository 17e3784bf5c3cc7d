import Adapters
import ArgumentParser
import Domain
import Ports

struct OutboxListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List pending events, dead letters and unconfirmed events, and the totals (default).")

    @OptionGroup var options: OutboxOptions

    @Flag(help: "Print JSON; docs/outbox.md describes it.")
    var json = false

    func run() async throws {
        let directory = try options.stateDirectory()
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
