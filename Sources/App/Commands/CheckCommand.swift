import Adapters
import ArgumentParser
import Domain
import Logging
import Ports

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the configuration and exit.",
        discussion: """
            Prints all problems at once, with line and column. Exits with 0, or with 78 if there are errors.

            With --online it also logs in to 3CX and looks once: it says which interface is used and why, what is watched, and which permission \
            or licence is missing. Exits with 69 if 3CX cannot be reached, and with 77 if it refuses. On a 3CX v20 this ends the token of \
            a bridge that runs with the same API client; the bridge fetches another.
            """)

    @OptionGroup var configurationOptions: ConfigurationOptions

    @Flag(help: "Also log in to 3CX and look at its calls once.")
    var online = false

    func run() async throws {
        let effective = try configurationOptions.load()
        for warning in effective.warnings { StandardStreams.printData("! \(warning)") }
        StandardStreams.printData("✓ configuration \(effective.filePath ?? "from the environment") is valid")
        if online { try await lookAtPhoneSystem(effective.configuration) }
    }

    private func lookAtPhoneSystem(_ configuration: BridgeConfiguration) async throws {
        let silent = Logger(label: "check") { _ in SwiftLogNoOpLogHandler() }
        let side = try PhoneSystemSide(
            configuration, log: silent, mask: TraceMask(configuration, showsNumbers: false))
        let result: Result<Look, LookFailure>
        do throws(LookFailure) {
            result = .success(try await side.view.look())
        } catch {
            result = .failure(error)
        }
        let name = await side.view.name
        await side.shutdown()
        switch result {
        case .success(let look):
            StandardStreams.printData("✓ 3CX answers: \(name); calls now: \(look.snapshot.calls.count)")
            for notice in look.notices {
                StandardStreams.printData("\(notice.level == .warning ? "!" : "✓") \(notice.text)")
            }
        case .failure(let failure):
            StandardStreams.printData("✗ 3CX: \(failure.what) at \(failure.place)\n    \(failure.remedy)")
            throw ExitCode(failure.kind)
        }
    }
}

extension ExitCode {
    fileprivate init(_ kind: LookFailure.Kind) {
        switch kind {
        case .unreachable, .interfaceMissing, .malformedAnswer, .cancelled: self = .unreachable
        case .credentialsRefused, .permissionMissing: self = .credentialsRefused
        case .configuration: self = .configuration
        }
    }
}
