import Adapters
import ArgumentParser
import Logging
import Played
import Ports
import UnixSignals

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Show the bridge at work, with a phone system and a helpdesk that are simulated.",
        discussion: """
            Runs the real bridge on this machine alone, between a 3CX with an office full of calls and a Zammad, both \
            built in. Prints where the status page is, then what the helpdesk sees, and at the end Zammad's caller \
            log. It needs no configuration, and leaves nothing behind. With fixtures (docs/fixtures.md) it replays \
            these instead of the office.

            Ends with Ctrl-C, after --for, or with the last fixture, and exits with 0. Exits with 65 if a file is \
            not a fixture, with 69 if the port is taken. docs/demo.md describes the output.
            """)

    @Argument(help: ArgumentHelp("Fixtures to replay, one after the other, instead of the office.", valueName: "file"))
    var files: [String] = []

    @Option(help: ArgumentHelp("How much faster than real time, 0.1 to 100.", valueName: "factor"))
    var speed = 1.0

    @Option(
        name: .customLong("for"), help: ArgumentHelp("End after this time, such as 60s or 5m.", valueName: "duration"))
    var limit: TapDuration?

    @Option(
        help: ArgumentHelp("Port of the status page on 127.0.0.1; 0 for any free port.", valueName: "number"))
    var port: UInt16 = 0

    @Option(
        help: ArgumentHelp("When Zammad is down, counted from the start, such as 20s..40s.", valueName: "from..to"))
    var zammadDown: [DemoOutage] = []

    @Option(
        name: .customLong("3cx-down"), help: ArgumentHelp("When 3CX is down, such as 50s..60s.", valueName: "from..to"))
    var phoneSystemDown: [DemoOutage] = []

    @Flag(help: "Print one JSON object a line.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print the bridge's log too, to stderr.")
    var verbose = false

    func validate() throws {
        guard (0.1...100).contains(speed) else { throw ValidationError("--speed: 0.1 to 100") }
    }

    func run() async throws {
        // A reader that goes ends the demo, and not the process: there is something to clean up.
        StandardStreams.outliveReaders()
        // Before there is anything to clean up.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let pace = DemoPace(speed: speed, clock: SystemClock())
        let scripts = try scripts(pace)
        let folder: TemporaryFolder
        do {
            folder = try TemporaryFolder("zammadbridge-demo")
        } catch {
            throw ExitCode.journalUnusable.saying("\(error)")
        }
        let end = Latch()
        let listening = Task {
            for await _ in signals {
                if end.isOpen {
                    Self.remove(folder)
                    _exit(1)
                }
                end.open()
            }
        }
        defer {
            listening.cancel()
            Self.remove(folder)
        }
        let demo = DemoRun(
            scripts,
            settings: .init(
                port: Int(port), limit: limit?.duration, zammadOutages: zammadDown,
                phoneSystemOutages: phoneSystemDown),
            printer: DemoPrinter(json: json, colours: StandardStreams.dataHasColours), log: logger, folder: folder,
            pace: pace, end: end)
        do {
            try await demo.run()
        } catch let taken as DemoRun.PortTaken {
            throw ExitCode.unreachable.saying(
                "the status page cannot be at \(taken.address) (\(taken.reason)); give another --port, or none")
        } catch let failure as JournalFailure {
            throw ExitCode.journalUnusable.saying("\(failure)")
        }
    }

    /// All files are read before anything begins, so that a mistake in the last one is not found after an hour.
    private func scripts(_ pace: DemoPace) throws -> [any DemoScript] {
        guard !files.isEmpty else { return [OfficeScript(pace: pace)] }
        var scripts: [any DemoScript] = []
        var isBad = false
        for path in files {
            do {
                let script = FixtureScript(try FixtureFile(path: path).fixture, pace: pace)
                _ = try script.configuration(overrides: [
                    "3CX": ["host": "http://127.0.0.1"], "Zammad": ["endpoint": "http://127.0.0.1/api/v1/cti/demo"],
                ])
                scripts.append(script)
            } catch let failure as FixtureConfiguration.Failure {
                isBad = true
                StandardStreams.printMessage("error: \(failure) at \(path); correct the fixture's config")
            } catch {
                isBad = true
                StandardStreams.printMessage("error: \(error)")
            }
        }
        if isBad { throw ExitCode.badInputData }
        return scripts
    }

    private var logger: Logger {
        let verbose = verbose
        return Logger(label: "bridge") { _ -> any LogHandler in
            guard verbose else { return SwiftLogNoOpLogHandler() }
            return LineLogHandler(format: .plain, logLevel: .info, output: StandardStreams.messages)
        }
    }

    private static func remove(_ folder: TemporaryFolder) {
        do {
            try folder.remove()
        } catch {
            StandardStreams.printMessage("error: \(error)")
        }
    }
}

extension DemoOutage: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }
}
