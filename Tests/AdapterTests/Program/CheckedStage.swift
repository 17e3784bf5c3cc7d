import Adapters
import Foundation
import Testing

/// A PBX and a Zammad, looked at by `check`.
struct CheckedStage: Sendable {
    let pbx: any PhoneSystemUnderTest
    let zammad: LoopbackZammad
    let folder: ProgramFolder

    /// Starts both, and ends them in every case. That no check leaves a call in Zammad's log is expected of all of
    /// them.
    static func run(
        _ kind: PhoneSystemKind = .version20, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (CheckedStage) async throws -> Void
    ) async throws {
        try await BridgeProcess.inSlot {
            let pbx = try await kind.start()
            let zammad = try await LoopbackZammad.start(
                token: ProgramSecrets.endpointToken, apiToken: ProgramSecrets.apiToken)
            try await ProgramFolder.with { folder in
                try await body(CheckedStage(pbx: pbx, zammad: zammad, folder: folder))
            }
            #expect(await zammad.rows().isEmpty, sourceLocation: sourceLocation)
            await pbx.server.stop()
            await zammad.stop()
        }
    }

    /// - Parameters:
    ///   - zammadSettings: Lines of the section `Zammad`.
    ///   - change: Of the text of the configuration.
    func check(
        _ flags: [String] = [], _ settings: [String] = [], zammadSettings: [String] = [],
        change: (String) -> String = { $0 }, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> ProgramOutput {
        let text = BridgeStage.configuration(pbx, zammad, settings + ["status_listen: \"\""], zammadSettings)
        let path = try folder.write("bridge.yaml", change(text))
        let output = try await BridgeProcess.run(
            ["check", "-c", path] + flags, in: folder, sourceLocation: sourceLocation)
        #expect(output.messages.isEmpty, "\(output)", sourceLocation: sourceLocation)
        return output
    }
}

extension ProgramOutput {
    /// Whether a line of `check` begins so, and the line beneath holds the remedy.
    func says(_ start: String, remedy: String? = nil) -> Bool {
        let lines = data.split(separator: "\n", omittingEmptySubsequences: false).map { $0.drop { $0 == " " } }
        guard let index = lines.firstIndex(where: { $0.hasPrefix(start) }) else { return false }
        guard let remedy else { return true }
        return lines.indices.contains(index + 1) && lines[index + 1].contains(remedy)
    }
}
