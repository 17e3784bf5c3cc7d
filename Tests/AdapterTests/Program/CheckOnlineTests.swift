import Adapters
import Testing

@Suite("check --online", .timeLimit(.minutes(2)))
struct CheckOnlineTests {
    /// What the command prints about a 3CX, and how it ends.
    private static func check(
        _ kind: PhoneSystemKind, api: String = "auto",
        prepare: @Sendable (any PhoneSystemUnderTest) async throws -> Void = { _ in }
    ) async throws -> ProgramOutput {
        try await BridgeProcess.inSlot {
            let pbx = try await kind.start()
            let zammad = try await LoopbackZammad.start(token: ProgramSecrets.endpointToken)
            try await prepare(pbx)
            let output = try await ProgramFolder.with { folder in
                let path = try folder.write(
                    "bridge.yaml", BridgeStage.configuration(pbx, zammad, ["api: \(api)", "status_listen: \"\""]))
                return try await BridgeProcess.run(["check", "--online", "-c", path], in: folder)
            }
            #expect(await zammad.requests().isEmpty)
            await pbx.server.stop()
            await zammad.stop()
            return output
        }
    }

    @Test(
        "says which interface is used, why, and what is watched",
        arguments: [
            (.legacy, "legacy (web administration, before v20)", "as a 3CX before v20 does"),
            (.version20, "call control and XAPI (v20, events)", "as a 3CX v20 does"),
            (.xapi, "XAPI (v20)", "call control is not used (/callcontrol answers HTTP 404)"),
            (.events, "call control (v20, events)", "XAPI is not used (/xapi/v1/ActiveCalls answers HTTP 404)"),
        ] as [(PhoneSystemKind, String, String)])
    func answers(_ kind: PhoneSystemKind, _ name: String, _ reason: String) async throws {
        let output = try await Self.check(kind)
        #expect(output.exit == .code(0))
        #expect(output.data.contains("✓ 3CX answers: \(name); calls now: 0"), "\(output.data)")
        #expect(output.data.contains(reason), "\(output.data)")
        #expect(output.data.contains("watching 101, 102, 103"), "\(output.data)")
    }

    @Test("ends with 77 where 3CX refuses, and says what to click", arguments: [403, 404])
    func refused(_ status: Int) async throws {
        let output = try await Self.check(.version20) { pbx in
            await (pbx as? EventsUnderTest)?.pbx.configure {
                $0.access = status == 403 ? .forbidden : .notFound
                $0.xapi.access = $0.access
            }
        }
        #expect(output.exit == .code(77))
        #expect(output.data.contains("✗ 3CX: /callcontrol answers HTTP \(status)"), "\(output.data)")
        for text in ["3CX Call Control API Access", "3CX Configuration API Access", "licence"] {
            #expect(output.data.contains(text), "\(output.data)")
        }
    }

    @Test("ends with 77 for a wrong secret, and with 69 where nobody listens")
    func wrong() async throws {
        let refused = try await Self.check(.version20) { await $0.refuseCredentials(true) }
        #expect(refused.exit == .code(77))
        #expect(refused.data.contains("check 3CX.client_id and 3CX.client_secret"), "\(refused.data)")
        let absent = try await Self.check(.version20) { await $0.server.stop() }
        #expect(absent.exit == .code(69))
        #expect(absent.data.contains("✗ 3CX: "), "\(absent.data)")
    }
}
