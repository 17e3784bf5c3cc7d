import Foundation
import Testing

/// The built program at a terminal, with somebody who answers it.
final class SetupStage: Sendable {
    let pbx: any PhoneSystemUnderTest
    let zammad: LoopbackZammad
    let folder: ProgramFolder
    private let terminal: PseudoTerminal
    private let child: ChildProcess
    private let shown = ObservedValue("")
    private let exit = ObservedValue<ProgramOutput.Exit?>(nil)
    /// How much of what was shown has been answered.
    private let answered = ObservedValue(0)

    var path: String { folder.path("bridge.yaml") }

    static func run(
        _ kind: PhoneSystemKind = .version20, flags: [String] = [], present: String? = nil,
        _ body: (SetupStage) async throws -> Void
    ) async throws {
        try await CheckedStage.run(kind) { servers in
            if let present { try servers.folder.write("bridge.yaml", present) }
            let stage = try SetupStage(servers.pbx, servers.zammad, servers.folder, flags)
            let result: Result<Void, any Error>
            do { result = .success(try await body(stage)) } catch { result = .failure(error) }
            let text = await stage.end()
            for secret in ProgramSecrets.all { #expect(!text.contains(secret), "a secret on the terminal") }
            if case .failure(let error) = result { Issue.record("\(error); the terminal: \(text)") }
        }
    }

    private init(
        _ pbx: any PhoneSystemUnderTest, _ zammad: LoopbackZammad, _ folder: ProgramFolder, _ flags: [String]
    ) throws {
        (self.pbx, self.zammad, self.folder) = (pbx, zammad, folder)
        terminal = try PseudoTerminal()
        let script = #"exec "$0" "$@" <"$TERMINAL" >"$TERMINAL" 2>&1"#
        let words = ["-c", script, try BridgeProcess.program(), "setup", "-c", folder.path("bridge.yaml")] + flags
        child = try ChildProcess(
            "/bin/sh", words, environment: ["TERMINAL": terminal.path, "TERM": "dumb"], directory: folder.url.path)
        let (bytes, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        terminal.read { bytes in
            if bytes.isEmpty { continuation.finish() } else { continuation.yield(bytes) }
        }
        Task { [shown] in
            // A character may come in two parts.
            var all: [UInt8] = []
            for await part in bytes {
                all += part
                let text = String(decoding: all, as: UTF8.self)
                await shown.update { $0 = text }
            }
        }
        Task { [child, exit] in
            for await case .exited(let code) in child.events { await exit.update { $0 = code } }
        }
    }

    /// Waits for a question, and answers it.
    func answer(_ prompt: String, _ text: String = "") async throws {
        try await wait(for: prompt)
        terminal.type(text + "\n")
    }

    func type(_ text: String) { terminal.type(text) }

    /// Waits until a text was shown after what was waited for before.
    func wait(for text: String) async throws {
        let start = await answered.value
        let all = try await shown.wait(for: text) { $0.unicodeScalars.dropFirst(start).contains(text.unicodeScalars) }
        let scalars = Array(all.unicodeScalars.dropFirst(start))
        let place = scalars.firstRange(of: Array(text.unicodeScalars))?.upperBound ?? 0
        await answered.update { $0 = start + place }
    }

    /// As the terminal does on Ctrl-C.
    func interrupt() { child.signal(SIGINT) }

    var echoes: Bool { terminal.echoes }

    func waitForExit() async throws -> ProgramOutput.Exit {
        try #require(try await exit.wait(for: "the end of setup") { $0 != nil })
    }

    var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() }
    }

    private func end() async -> String {
        child.signal(SIGKILL)
        _ = try? await exit.wait(for: "the end of setup") { $0 != nil }
        terminal.finish()
        return await shown.value
    }
}
