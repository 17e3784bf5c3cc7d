import Adapters
import ArgumentParser

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Ask the running bridge how it is.",
        discussion: """
            Exits with 0 if all is well, 1 if something is wrong, 69 if no bridge answers, 77 if it wants another \
            token. docs/status.md describes the output.
            """)

    @OptionGroup var options: StatusOptions

    @Flag(help: "Print JSON; docs/status.md describes it.")
    var json = false

    func run() async throws {
        let (client, url) = try options.client()
        let (status, text): (BridgeStatus, String)
        do throws(StatusClient.Failure) {
            (status, text) = try await client.status()
        } catch {
            throw options.report(error, url)
        }
        if json {
            StandardStreams.printData(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        } else {
            StandardStreams.printData(StatusReport(status: status, colours: StandardStreams.dataHasColours).text())
        }
        if status.overall != .healthy { throw ExitCode.expectationFailed }
    }
}
