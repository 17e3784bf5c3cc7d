import Testing

@testable import App

@Suite("A mistyped command", .timeLimit(.minutes(10)))
struct MistypedCommandTests {
    @Test(
        "gets the nearest name suggested",
        arguments: [
            (["chek"], "zammadbridge has no command 'chek'; did you mean 'check'?"),
            (["smulate", "x.json"], "zammadbridge has no command 'smulate'; did you mean 'simulate'?"),
            (["help", "cofnig"], "zammadbridge has no command 'cofnig'; did you mean 'config'?"),
            (["hlep"], "zammadbridge has no command 'hlep'; did you mean 'help'?"),
            (["outbox", "rety"], "zammadbridge outbox has no command 'rety'; did you mean 'retry'?"),
        ])
    func suggestion(arguments: [String], expected: String) {
        let complaint = MistypedCommand.complaint(about: arguments, to: ZammadBridgeCommand.self)
        #expect(complaint?.hasPrefix("error: \(expected)\n") == true, "\(complaint ?? "none")")
    }

    @Test(
        "is one that no command takes for an argument, and that resembles something",
        arguments: [
            [], ["run"], ["-c", "chek"], ["simulate", "chek"], ["outbox", "drop", "list"], ["help", "check"],
            ["something", "else"], ["manual", "commands"], ["--verbos"],
        ])
    func noSuggestion(arguments: [String]) {
        #expect(MistypedCommand.complaint(about: arguments, to: ZammadBridgeCommand.self) == nil)
    }

    @Test("ends the program with 64")
    func exitCode() async throws {
        try await ProgramFolder.with { folder in
            let output = try await BridgeProcess.run(["chek"], in: folder)
            #expect(output.exit == .code(64))
            #expect(output.data.isEmpty && output.messages.contains("did you mean 'check'?"))
            #expect(output.messages.contains("Usage:"))
        }
    }
}
