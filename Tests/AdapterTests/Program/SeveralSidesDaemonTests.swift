import Adapters
import Foundation
import Testing

@Suite("The daemon with several phone systems and Zammads", .timeLimit(.minutes(10)))
struct SeveralSidesDaemonTests {
    /// The second phone system and the second Zammad besides those of the stage.
    private struct Others {
        let pbx: LegacyUnderTest
        let zammad: LoopbackZammad
    }

    private static func phones(_ name: String, _ pbx: any PhoneSystemUnderTest) -> String {
        """
          - name: \(name)
            host: "\(pbx.server.origin)/"
            user: "admin"
            pass: "\(ProgramSecrets.password)"
            group: "Support"
            extension_digits: 3
            trunk_digits: 5
            queue_extension: 816

        """
    }

    private static func zammad(_ name: String, _ zammad: LoopbackZammad, match: String? = nil) -> String {
        """
          - name: \(name)
            endpoint: "\(zammad.endpoint)"
        \(match.map { "    match: \($0)" } ?? "")

        """
    }

    private static func run(_ body: (BridgeStage, Others) async throws -> Void) async throws {
        let others = Others(
            pbx: try await LegacyUnderTest.start(),
            zammad: try await LoopbackZammad.start(token: ProgramSecrets.endpointToken))
        try await BridgeStage.run { stage in
            try await stage.pbx.waitForPolls(1)
            try stage.rewrite(configuration(stage, others))
            try await stage.bridge.waitForLog("configuration read again")
            try await body(stage, others)
            try await stage.stop()
        }
        await others.pbx.server.stop()
        await others.zammad.stop()
    }

    /// The Bridge section of the stage, and two of each.
    private static func configuration(
        _ stage: BridgeStage, _ others: Others, onlyFirst: Bool = false
    ) throws -> String {
        let text = try String(contentsOfFile: stage.path, encoding: .utf8)
        let bridge = text.components(separatedBy: "\n3CX:")[0]
        let south = onlyFirst ? "" : phones("south", others.pbx)
        let office = onlyFirst ? "" : zammad("office", others.zammad)
        return bridge + "\n3CX:\n" + phones("north", stage.pbx) + south + "Zammad:\n"
            + zammad("support", stage.zammad, match: "{queue: 816, extension: 101}") + office
    }

    @Test("takes lists over on SIGHUP, reports each call of each 3CX to the Zammad that takes it, and says so")
    func routes() async throws {
        try await Self.run { stage, others in
            await stage.pbx.show([SceneCall(21, .inboundRinging, agent: "101")])
            await others.pbx.show([SceneCall(21, .inboundRinging, number: "+493023125002", agent: "102")])
            let support = try await stage.zammad.wait { $0.count == 1 }
            let office = try await others.zammad.wait { $0.count == 1 }
            #expect(support.first?.callID.hasPrefix("north-21-") == true)
            #expect(office.first?.callID.hasPrefix("south-21-") == true)
            await stage.pbx.show([])
            await others.pbx.show([])
            try await stage.zammad.wait { $0.first?.state == .hangup }
            try await others.zammad.wait { $0.first?.state == .hangup }
            let delivered = await stage.bridge.log.filter { $0.message == "delivered newCall" }
            #expect(Set(delivered.compactMap { $0["zammad"] }) == ["support", "office"])
            let decided = await stage.bridge.log.filter { $0.message == "new call" }
            #expect(Set(decided.compactMap { $0["pbx"] }) == ["north", "south"])
        }
    }

    @Test("one Zammad that is away holds up no call of the other, and gets its own when it is back")
    func oneDown() async throws {
        try await Self.run { stage, others in
            await others.zammad.inject(.status(503))
            await others.pbx.show([SceneCall(31, .inboundRinging, agent: "102")])
            let down = try await stage.bridge.waitForLog("Zammad is unreachable; events wait")
            #expect(down["zammad"] == "office")
            await stage.pbx.show([SceneCall(32, .inboundRinging, agent: "101")])
            try await stage.zammad.wait { $0.count == 1 }
            await others.zammad.clearFaults()
            try await others.zammad.wait(deadline: .seconds(60)) { $0.count == 1 }
        }
    }

    @Test("one 3CX that is taken out of the file: its calls end; the other goes on")
    func removed() async throws {
        try await Self.run { stage, others in
            await stage.pbx.show([SceneCall(41, .inboundTalking, agent: "101")])
            await others.pbx.show([SceneCall(42, .inboundTalking, agent: "101")])
            try await stage.zammad.wait { $0.count == 2 && $0.allSatisfy { $0.state == .answer } }
            let start = await stage.bridge.log.count
            try stage.rewrite(Self.configuration(stage, others, onlyFirst: true))
            try await stage.bridge.waitForLog("configuration read again", from: start)
            let rows = try await stage.zammad.wait { $0.contains { $0.state == .hangup } }
            #expect(rows.filter { $0.state == .hangup }.allSatisfy { $0.callID.hasPrefix("south-42-") })
            #expect(rows.filter { $0.state == .answer }.allSatisfy { $0.callID.hasPrefix("north-41-") })
            await stage.pbx.show([])
            try await stage.zammad.wait { $0.allSatisfy { $0.state == .hangup } }
        }
    }
}
