import Adapters
import ArgumentParser
import Logging
import Ports
import ServiceLifecycle

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the bridge until SIGTERM or SIGINT (default).",
        discussion:
            "A second signal ends it at once. On SIGHUP it reads the configuration again (docs/service.md)."
    )

    @OptionGroup var configurationOptions: ConfigurationOptions
    @OptionGroup var logOptions: LogOptions

    func run() async throws {
        // The log's reader may be restarted; calls matter more.
        StandardStreams.outliveReaders()
        Daemon.outliveHangups()
        let executor = EventLoopExecutor.ofOnlyLoop()
        let leavesNoCore = CoreDumps.forbid()
        let effective = try configurationOptions.load()
        let messages = StandardStreams.queuedMessages()
        defer { messages.finish(within: .seconds(1)) }
        let log = logOptions.logger(.queued(messages))
        log.info("starting \(ProgramVersion.text)", metadata: ["config": "\(effective.filePath ?? "environment")"])
        if !leavesNoCore {
            log.warning("the system does not let the bridge disable core files, which can contain secrets")
        }
        for warning in effective.warnings { log.warning("\(warning)") }
        let daemon: Daemon
        do {
            daemon = try Daemon(
                effective.configuration, state: effective.stateDirectory, log: log,
                showsNumbers: logOptions.verbose, droppedLogLines: { messages.droppedSinceStart })
        } catch {
            messages.add(StandardStreams.messageLine("error: \(error)"))
            throw ExitCode.configuration
        }
        JournalIndexGuard.install(effective.stateDirectory, exitCode: ExitCode.journalUnusable.rawValue) {
            StandardStreams.messageLine("error: \($0)")
        }
        do {
            try await executor.run {
                try await daemon.run(
                    ConfigurationReading(effective: effective) { [configurationOptions] () throws(ConfigurationError) in
                        try configurationOptions.read()
                    })
            }
        } catch let failure as JournalFailure {
            messages.add(StandardStreams.messageLine("error: \(failure)"))
            throw ExitCode.journalUnusable
        }
    }
}
