import Foundation
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The built program in a process of its own, from the folder in which the tests were built.
final class BridgeProcess: Sendable {
    /// Whether the test runs a program already. A second one needs no slot: tests that each hold one and wait for
    /// another would wait for each other for ever.
    @TaskLocal private static var isBesideAnother = false

    let output = ObservedValue(ProgramOutput())
    private let process: ChildProcess
    var identifier: pid_t { process.pid }

    private init(_ process: ChildProcess) {
        self.process = process
    }

    /// Starts the program, hands it to the test, and ends it in every case. Whatever it said is searched for secrets.
    static func with<Result>(
        _ arguments: [String],
        environment: [String: String] = [:],
        in folder: ProgramFolder,
        errorReader: ChildProcess.ErrorReader = .attentive,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (BridgeProcess) async throws -> Result
    ) async throws -> Result {
        try await inSlot {
            let child = try ChildProcess(
                program(), arguments, environment: environment, directory: folder.url.path, errorReader: errorReader)
            return try await BridgeProcess(child).finish(body, sourceLocation).get()
        }
    }

    /// Waits for its turn to start programs, and for what goes with them: each loopback server takes a thread, of which
    /// the system has no more than some hundreds.
    static func inSlot<Result>(_ body: () async throws -> Result) async throws -> Result {
        guard !isBesideAnother else { return try await body() }
        await Slots.programs.take()
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await $isBesideAnother.withValue(true) { try await body() })
        } catch {
            result = .failure(error)
        }
        await Slots.programs.giveBack()
        return try result.get()
    }

    private func finish<Result>(
        _ body: (BridgeProcess) async throws -> Result, _ sourceLocation: SourceLocation
    ) async -> Swift.Result<Result, any Error> {
        let reading = Task { [process, output] in
            for await event in process.events {
                await output.update { output in
                    switch event {
                    case .wrote(let bytes, let stream): output.append(bytes, to: stream)
                    case .exited(let exit): output.exit = exit
                    }
                }
            }
        }
        do {
            let result = try await body(self)
            await end(reading, sourceLocation)
            return .success(result)
        } catch {
            await end(reading, sourceLocation)
            Issue.record("\(error); the program: \(await output.value)", sourceLocation: sourceLocation)
            return .failure(error)
        }
    }

    /// Runs the program to its end.
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        in folder: ProgramFolder,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> ProgramOutput {
        try await with(arguments, environment: environment, in: folder, sourceLocation: sourceLocation) { bridge in
            try await bridge.waitForExit(within: .seconds(60))
            return await bridge.output.value
        }
    }

    func signal(_ number: Int32) { process.signal(number) }

    @discardableResult
    func waitForExit(within limit: Duration = .seconds(60)) async throws -> ProgramOutput.Exit {
        let output = try await output.wait(for: "the end of the program", within: limit) { $0.exit != nil }
        return try #require(output.exit)
    }

    /// The first log line that matches, from the `start`th on.
    @discardableResult
    func waitForLog(
        from start: Int = 0,
        for awaited: String = "a log line",
        within limit: Duration = .seconds(60),
        where matches: @escaping @Sendable (LogLine) -> Bool
    ) async throws -> LogLine {
        let output = try await output.wait(for: awaited, within: limit) {
            $0.log.dropFirst(start).contains(where: matches)
        }
        return try #require(output.log.dropFirst(start).first(where: matches))
    }

    @discardableResult
    func waitForLog(_ message: String, from start: Int = 0, within limit: Duration = .seconds(60)) async throws
        -> LogLine
    {
        try await waitForLog(from: start, for: message, within: limit) { $0.message == message }
    }

    var log: [LogLine] {
        get async { await output.value.log }
    }

    private func end(_ reading: Task<Void, Never>, _ sourceLocation: SourceLocation) async {
        process.signal(SIGKILL)
        await reading.value
        let output = await output.value
        for secret in ProgramSecrets.all {
            #expect(!output.data.contains(secret), "a secret on stdout", sourceLocation: sourceLocation)
            #expect(!output.messages.contains(secret), "a secret on stderr", sourceLocation: sourceLocation)
        }
    }

    /// The one that was built with the tests and lies beside their bundle, unless `BRIDGE_UNDER_TEST` names another.
    static func program() throws -> String {
        if let path = ProcessInfo.processInfo.environment["BRIDGE_UNDER_TEST"] { return path }
        let folders = [
            Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent(),
            Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL.deletingLastPathComponent(),
        ]
        let candidates = folders.compactMap { $0?.appending(path: "app").path }
        return try #require(
            candidates.first { FileManager.default.isExecutableFile(atPath: $0) }, "no program at \(candidates)")
    }
}
