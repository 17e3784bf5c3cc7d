import Adapters
import ArgumentParser
import Domain
import FoundationEssentials
import Ports
import Wire

struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Record what 3CX shows as a fixture for simulate, with pseudonyms for names and numbers.",
        discussion: """
            Polls 3CX as the bridge does, by the interface that the configuration names, until Ctrl-C or SIGTERM \
            or --for, and writes its answers with pseudonyms for all numbers, names, addresses and hosts; secrets \
            are not in the file. Extensions, queues and trunk numbers stay. Nothing is sent to Zammad. \
            docs/reporting.md shows the way from a wrong call to a report.

            On a 3CX v20 there is one live token for an API client. Where a bridge runs with the same client, it \
            makes the recording: run this command as the bridge's user or as root, with the bridge's configuration.

            Exits with 0 when a recording is written, 1 if it is written but its replay does not show what was \
            seen, 64 if the file exists already or --pbx names no 3CX, 69 if 3CX cannot be reached, 74 if the file \
            cannot be written, 77 if 3CX refuses, 78 if the configuration is wrong.
            """)

    @OptionGroup var configurationOptions: ConfigurationOptions

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("End after this time, such as 30s or 10m; at most 7d.", valueName: "duration"))
    var length: RecordingLength?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file; default: 3cx- and the time, in the current directory.", valueName: "file"))
    var output: String?

    @Option(
        help: ArgumentHelp("The 3CX to record, by its name, where the configuration has several.", valueName: "name"))
    var pbx: String?

    @Option(help: ArgumentHelp("End when the recording has this size, such as 500kB; at most 64MB.", valueName: "size"))
    var limit = RecordingLimit.largest

    @Flag(help: "Replace an existing file.")
    var force = false

    @Flag(help: "Print the calls of the recording as JSON; docs/reporting.md describes it.")
    var json = false

    func run() async throws {
        let effective = try configurationOptions.load()
        for warning in effective.warnings { StandardStreams.printMessage("warning: \(warning)") }
        let configuration = try chosen(effective.configuration)
        let path = output ?? "3cx-\(Self.stamp(SystemClock().now())).json"
        let file: RecordingFile
        do {
            file = try RecordingFile(path: path, replacesOther: force)
        } catch {
            throw Self.code(error).saying("\(error)")
        }
        do {
            try await record(configuration, at: effective.stateDirectory, to: file)
        } catch {
            file.abandon()
            throw error
        }
    }

    /// A recording is of one 3CX, and is told to one Zammad whatever the rules are.
    private func chosen(_ configuration: BridgeConfiguration) throws -> BridgeConfiguration {
        var alone = configuration.alone(with: configuration.zammad).alone(with: try phoneSystem(of: configuration))
        alone.phoneSystem.readsDIDs = false
        return alone
    }

    private func phoneSystem(of configuration: BridgeConfiguration) throws -> BridgeConfiguration.PhoneSystem {
        let systems = configuration.phoneSystems
        if pbx == nil, systems.count == 1 { return configuration.phoneSystem }
        if let pbx, let system = systems.first(where: { $0.name.shown == pbx }) { return system }
        let problem = pbx.map { "there is no 3CX named \($0)" } ?? "the configuration has several 3CX"
        let names = systems.compactMap(\.name.shown)
        let remedy =
            names.isEmpty
            ? "the only one has no name; leave --pbx out"
            : "choose one with \(names.map { "--pbx \($0)" }.joined(separator: " or "))"
        throw ExitCode.validationFailure.saying("\(problem); \(remedy)")
    }

    private func record(
        _ configuration: BridgeConfiguration, at state: StateDirectory, to file: RecordingFile
    ) async throws {
        let name = URL(filePath: file.path).lastPathComponent
        let title = name.hasSuffix(".json") ? String(name.dropLast(5)) : name
        if let client = configuration.phoneSystem.clientID,
            configuration.bridge.api.interface.logins.contains(.apiClient)
        {
            let order = RecordingOrder(
                host: configuration.phoneSystem.host, clientID: client, limit: limit.bytes, name: title)
            switch await BridgeRecording(socket: RecordingSocket(state), order: order).make(for: length?.duration) {
            case .recorded(let recorded, let account):
                let calls = Set(recorded.result.sightings.flatMap { $0.calls.map(\.id) })
                return try write(
                    recorded, to: file, end: account.isFull ? .full : .signal,
                    account: .init(polls: account.polls, failedPolls: account.failedPolls, calls: calls))
            case .failed(let reason, let kind):
                throw (kind.map { ExitCode($0) } ?? .unreachable).saying(reason)
            case .notAllowed, .noBridge: await warnOfBridge(configuration)
            case .foreign: break
            }
        }
        let session: RecordingSession
        do {
            session = try RecordingSession(configuration, limit: limit.bytes)
        } catch {
            throw ExitCode.configuration.saying("\(error)")
        }
        let end = await session.run(for: length?.duration)
        if case .failed(let failure) = end {
            throw ExitCode(failure.kind).saying("\(failure)")
        }
        let recorded: RecordedFixture
        do {
            recorded = try await RecordedFixture.make(session.recorder, configuration, name: title, limit: limit.bytes)
        } catch {
            throw (error.kind.map { ExitCode($0) } ?? .expectationFailed).saying("\(error)")
        }
        try write(recorded, to: file, end: end, account: await session.account)
    }

    private func write(
        _ recorded: RecordedFixture, to file: RecordingFile, end: RecordingSession.End,
        account: RecordingProgress.Account
    ) throws {
        do {
            try file.write(recorded.text)
        } catch {
            throw Self.code(error).saying("\(error)")
        }
        let summary = RecordingSummary(recorded, path: file.path, end: end, account: account)
        StandardStreams.printData(json ? try summary.json() : summary.text)
        if recorded.problem != nil { throw ExitCode.expectationFailed }
    }

    /// The bridge and this command would end each other's token.
    private func warnOfBridge(_ configuration: BridgeConfiguration) async {
        guard let address = StatusAddress(configuration.bridge.statusListen), address.port != 0
        else { return }
        do throws(StatusClient.Failure) {
            _ = try await StatusClient(url: address.url, token: configuration.bridge.statusToken).status()
        } catch {
            guard case .tokenRefused = error else { return }
        }
        StandardStreams.printMessage(
            "warning: a bridge runs here (\(address.url)) that cannot be asked to record. If it has the same API "
                + "client, it and this recording end each other's token: run this command as the bridge's user and "
                + "with its configuration, then the bridge makes the recording")
    }

    private static func code(_ failure: RecordingFile.Failure) -> ExitCode {
        failure.kind == .exists ? .validationFailure : .journalUnusable
    }

    /// `20260203-091501`, in UTC.
    private static func stamp(_ now: Instant) -> String {
        let digits = TimeText.seconds(now).filter { $0.isNumber || $0 == "T" }
        return digits.replacing("T", with: "-")
    }
}

/// How long to record, up to a week.
struct RecordingLength: ExpressibleByArgument, Sendable {
    let duration: Duration

    init?(argument: String) {
        guard let duration = DurationArgument.duration(argument), duration > .zero, duration <= .seconds(604_800) else {
            return nil
        }
        self.duration = duration
    }
}

/// A size in bytes, `kB` or `MB`, as large as a fixture may be.
struct RecordingLimit: ExpressibleByArgument, Sendable, CustomStringConvertible {
    /// Less than a fixture may have.
    static let largest = RecordingLimit(bytes: 64_000_000)
    private static let smallest = 10_000

    let bytes: Int

    private init(bytes: Int) {
        self.bytes = bytes
    }

    init?(argument: String) {
        let units = [("kb", 1000), ("mb", 1_000_000), ("b", 1), ("", 1)]
        let text = argument.lowercased()
        guard let (suffix, factor) = units.first(where: { text.hasSuffix($0.0) }),
            let number = Int(text.dropLast(suffix.utf8.count)), number > 0,
            case let (bytes, overflow) = number.multipliedReportingOverflow(by: factor), !overflow,
            bytes >= Self.smallest, bytes <= Self.largest.bytes
        else { return nil }
        self.bytes = bytes
    }

    var description: String { "\(bytes / 1_000_000)MB" }
}
