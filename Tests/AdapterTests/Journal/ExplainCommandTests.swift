import Domain
import Foundation
import GRDB
import Ports
import Testing

@testable import Adapters

@Suite("The command explain", .timeLimit(.minutes(10)))
struct ExplainCommandTests {
    /// The output of `explain --json`, as docs/status.md describes it.
    private struct Document: Decodable {
        struct Call: Decodable {
            let pbxCall: String?
            let calls: [String]
            let isReported: Bool
            let direction: String?
            let number: String?
            let steps: [Step]
            let open: [Open]
        }

        struct Step: Decodable {
            let at: String
            let kind: String
            let words: String
            let from: String?
            let to: String?
            let events: [String]?
            let outcome: String?
            let purpose: String?
        }

        struct Open: Decodable {
            let id: Int
            let event: String
            let state: String
        }

        let calls: [Call]
        let more: Int
    }

    private func explain(_ scene: OutboxScene, _ call: String, _ flags: String...) async throws -> ProgramOutput {
        try await BridgeProcess.run(["explain", call, "--state-dir", scene.state.path] + flags, in: scene.folder)
    }

    private func document(_ scene: OutboxScene, _ call: String, _ flags: String...) async throws -> Document {
        let arguments = ["explain", call, "--json", "--state-dir", scene.state.path] + flags
        let output = try await BridgeProcess.run(arguments, in: scene.folder)
        #expect(output.exit == .code(0), "\(output)")
        return try JSONDecoder().decode(Document.self, from: Data(output.data.utf8))
    }

    @Test("tells every look that changed a call, every decision with its reason and every request with its answer")
    func story() async throws {
        try await OutboxScene.with { scene in
            let sink = ScriptedSink { command in
                command.event == .newCall && command.from == "030222"
                    ? .outcome(.refused("Zammad answered 418")) : .outcome(.delivered(.plain))
            }
            let stage = try await RunnerStage(in: scene.state, sink: sink)
            await stage.see(RunnerStage.call("7"))
            await stage.see(RunnerStage.call("7", .connected))
            // Nothing has changed.
            await stage.see(RunnerStage.call("7", .connected))
            try await sink.wait(count: 2)
            await stage.see()
            try await sink.wait(count: 3)
            try await stage.stop()
            let call = try #require(try await document(scene, "7").calls.first)
            #expect(call.isReported && call.number == "•••111" && call.direction == "inbound" && call.open.isEmpty)
            // A delivery may be kept before or after the next poll.
            let steps = call.steps.map { "\($0.kind) \($0.from ?? "")>\($0.to ?? "") \($0.events ?? [])" }
            #expect(
                steps.sorted() == [
                    #"decided ending>ended ["hangup"]"#, #"decided ringing>answered ["answer"]"#,
                    #"decided unknown>ringing ["newCall"]"#, #"delivered > ["answer"]"#, #"delivered > ["hangup"]"#,
                    #"delivered > ["newCall"]"#, "seen > []", "seen > []",
                ])
            #expect(call.steps.first?.kind == "seen" && call.steps.map(\.at) == call.steps.map(\.at).sorted())
            let id = try #require(call.calls.first)
            #expect(try await document(scene, id).calls.map(\.pbxCall) == ["7"])
            let text = try await explain(scene, id)
            #expect(
                text.data.contains(
                    "unknown → ringing: an external call reached a watched extension or queue; sends newCall"))
            #expect(text.data.contains("seen     inbound; •••111; agent Anna Müller (101) connected"))
            #expect(!text.data.contains("030111"))
            // Times are those of the machine's zone, named once; JSON stays in UTC.
            let arguments = ["explain", id, "--state-dir", scene.state.path]
            let far = try await BridgeProcess.run(arguments, environment: ["TZ": "XYZ-5:30"], in: scene.folder)
            #expect(far.data.components(separatedBy: "(XYZ, UTC+05:30)\n").count == 2 && far.data != text.data)
            #expect(try await explain(scene, id, "--show-numbers").data.contains("inbound; 030111;"))
        }
    }

    @Test("tells of a call that was ignored why it was")
    func ignored() async throws {
        try await OutboxScene.with { scene in
            let stage = try await RunnerStage(in: scene.state)
            let leg = CallLeg(dn: "999", name: "Fax", role: .other, state: .connected, isMonitored: false)
            let call = ObservedCall(
                id: PBXCallID("5"), direction: .inbound, external: ExternalParty(number: "+49 30 4455-66"), legs: [leg])
            await stage.see(call)
            await stage.see()
            try await stage.stop()
            for text in ["5", "445566", "03044 5566", "+493044 55-66", "566"] {
                let found = try #require(try await document(scene, text).calls.first, "\(text)")
                #expect(!found.isReported && found.calls.isEmpty && found.number == "•••-66")
                #expect(found.steps.map(\.kind) == ["seen", "decided"])
                #expect(found.steps[1].words == "unknown → ignored: it touches no watched extension or queue")
                #expect(found.steps[0].words.contains("other Fax (999) connected, not watched"))
            }
            #expect(try await explain(scene, "5").data.hasPrefix("not reported  inbound"))
        }
    }

    @Test("finds a call by the last digits of its number although they begin with zeros")
    func zeros() async throws {
        try await OutboxScene.with { scene in
            let stage = try await RunnerStage(in: scene.state)
            let call = RunnerStage.call("8", from: "+493023125005")
            await stage.see(call)
            try await stage.stop()
            #expect(try await document(scene, "005").calls.map(\.pbxCall) == ["8"])
            #expect(try await explain(scene, "006").exit == .code(1))
        }
    }

    @Test("keeps calls apart to which the PBX gave one id, the latest first")
    func reusedID() async throws {
        try await OutboxScene.with { scene in
            let stage = try await RunnerStage(in: scene.state)
            for number in ["030111", "030222", "030333"] {
                await stage.see(RunnerStage.call("7", from: number))
                await stage.see()
            }
            try await stage.sink.wait(count: 6)
            try await stage.stop()
            let all = try await document(scene, "7")
            #expect(all.calls.map(\.number) == ["•••333", "•••222", "•••111"] && all.more == 0)
            #expect(Set(all.calls.flatMap(\.calls)).count == 3)
            #expect(all.calls.allSatisfy { $0.steps.count { $0.kind == "decided" } == 2 })
            #expect(all.calls.allSatisfy { $0.steps.count { $0.kind == "delivered" } == 2 })
            let one = try await document(scene, "7", "--limit", "1")
            #expect(one.calls.map(\.number) == ["•••333"] && one.more == 2)
            #expect(try await document(scene, "30222").calls.map(\.number) == ["•••222"])
        }
    }

    @Test("tells of requests that were made for a repair, and what is still open")
    func repair() async throws {
        try await OutboxScene.with { scene in
            let sink = ScriptedSink { command in
                guard command.event == .answer else { return .outcome(.delivered(.plain)) }
                return .outcome(.unknownCall("Zammad answered 500 (Error ID x)"))
            }
            let stage = try await RunnerStage(in: scene.state, sink: sink)
            await stage.see(RunnerStage.call("7", .connected))
            // newCall, answer, probe, answer again: Zammad has lost the call each time.
            try await sink.wait(count: 4)
            try await stage.stop()
            let call = try #require(try await document(scene, "7").calls.first)
            let sent = call.steps.filter { $0.kind == "sent" }
            #expect(sent.prefix(2).map(\.purpose) == ["deliver", "probe"])
            #expect(sent.prefix(2).map(\.outcome) == ["unknown call", "delivered"])
            #expect(sent.first?.words == "answer: unknown call: Zammad answered 500 (Error ID x)")
            #expect(call.open.map(\.event) == ["answer"] && call.open.map(\.state) == ["pending"])
        }
    }

    @Test("says of a call that it does not know what to do, with 1")
    func unknown() async throws {
        try await OutboxScene.with { scene in
            let early = try await explain(scene, "7")
            #expect(early.exit == .code(1) && early.messages.contains("no journal at"))
            let stage = try await RunnerStage(in: scene.state)
            await stage.see(RunnerStage.call("7"))
            try await stage.sink.wait(count: 1)
            try await stage.stop()
            for text in ["8", "x-8-1", "11", "9999", "'; DROP TABLE history; --", "%", "\u{1B}[31m"] {
                let output = try await explain(scene, text)
                #expect(output.exit == .code(1) && output.data.isEmpty, "\(text)")
                #expect(output.messages.contains("Bridge.history_days") && !output.messages.contains("\u{1B}"))
            }
            #expect(try await document(scene, "7").calls.count == 1)
            #expect(try await explain(scene, "").exit == .code(64))
        }
    }

    @Test("works beside the running bridge")
    func besideDaemon() async throws {
        try await OutboxScene.with { scene in
            try await scene.fill()
            try await scene.withDaemon { _ in
                let call = try #require(try await document(scene, "030222").calls.first)
                #expect(call.open.map(\.state) == ["unconfirmed"])
                #expect(call.steps.contains { $0.kind == "unconfirmed" && $0.words.contains("timeout after 5 s") })
            }
        }
    }

    @Test("finds calls by number that an earlier version of the bridge kept")
    func upgrade() async throws {
        try await StateFolder.with { directory in
            var options = JournalDatabase.Options()
            options.schema.steps = Array(options.schema.steps.prefix(1))
            try FileStep.makeDirectory(directory.path)
            let old = try JournalDatabase.openOrCreate(directory, options)
            var history = RandomHistory(seed: 21)
            var decisions: [CallDecision] = []
            for _ in 0..<60 {
                let made = history.next().news.compactMap { news in
                    if case .decided(let decision) = news { decision } else { nil }
                }
                decisions += made
                try await old.write { database in
                    for decision in made {
                        try database.execute(
                            sql: "INSERT INTO history (at, pbx_call, call, kind, detail) VALUES (?, ?, ?, ?, ?)",
                            arguments: [
                                decision.at.milliseconds, decision.pbxCallID.text, decision.callID?.text, "decision",
                                JournalCoding().text(decision),
                            ])
                    }
                }
            }
            try old.closeConnection()
            #expect(throws: JournalFailure.self) { try OperatorJournal.open(in: directory) }
            try SQLiteJournal(in: directory, historyDays: 3650).close()
            let journal = try #require(try OperatorJournal.open(in: directory))
            let wanted = try #require(decisions.first)
            let found = try await journal.history(of: try #require(wanted.externalNumber), most: 5)
            #expect(found.calls.first?.decisions.first == wanted)
            try journal.close()
        }
    }
}
