import Adapters
import ArgumentParser
import Ports

struct TapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tap",
        abstract: "Show what the running bridge decides and delivers, as it happens.",
        discussion: """
            Ends with Ctrl-C, when its output is closed, or after --for, and exits with 0. Exits with 69 if no \
            bridge answers or when it ends, 77 if it wants another token. docs/status.md describes the output.
            """)

    @OptionGroup var options: StatusOptions

    @Flag(help: "Print one JSON object a line; docs/status.md describes it.")
    var json = false

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("End after this time, such as 30s or 5m.", valueName: "duration"))
    var limit: TapDuration?

    func run() async throws {
        let (client, url) = try options.client()
        // A reader that goes ends the command.
        StandardStreams.endWithReaders()
        let listening = Task { () -> StatusClient.Failure? in
            do throws(StatusClient.Failure) {
                try await client.listen(hear)
            } catch {
                return error
            }
            return nil
        }
        let deadline = limit.map { limit in
            Task {
                do { try await Task.sleep(for: limit.duration) } catch { return }
                listening.cancel()
            }
        }
        let failure = await listening.value
        let isOver = listening.isCancelled
        deadline?.cancel()
        if isOver { return }
        throw options.report(failure ?? .unreachable("it has ended"), url)
    }

    private func hear(_ heard: StatusClient.Heard) -> Bool {
        switch heard {
        case .connected:
            let zone = json ? "" : "times are in \(LocalTime.zone(SystemClock().now())); "
            StandardStreams.printRemark("listening; \(zone)Ctrl-C ends it")
        case .activity(let activity, let text):
            StandardStreams.printLine(json ? text : Self.line(activity))
        case .missed(let count):
            StandardStreams.printRemark("\(count) lines came too fast and are left out")
        }
        return true
    }

    static func line(_ activity: StatusActivity) -> String {
        var parts = [LocalTime.text(activity.at), activity.words]
        if let call = activity.call ?? activity.pbxCall { parts.append("[\(call)]") }
        if activity.kind == .decision, let reason = activity.reason, activity.state != "ignored" {
            parts.append("– \(reason)")
        }
        return parts.joined(separator: "  ").withoutControlCharacters
    }
}

/// `30s`, `5m` or a number of seconds.
struct TapDuration: ExpressibleByArgument, Sendable {
    let duration: Duration

    init?(argument: String) {
        guard let duration = DurationArgument.duration(argument), duration > .zero else { return nil }
        self.duration = duration
    }
}
