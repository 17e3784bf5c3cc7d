import Adapters
import Foundation
import Testing

@Suite("With tickets, the daemon", .timeLimit(.minutes(10)))
struct TicketDaemonTests {
    private static let path = "/api/v1/tickets"

    private static func settings(_ more: String = "") -> [String] {
        ["api_token: \(ProgramSecrets.apiToken)", "tickets: {create: missed\(more)}"]
    }

    private static func addCustomer(_ zammad: LoopbackZammad) async {
        await zammad.helpdesk.update { $0.addUser(name: "Eva Beispiel", phone: "+49 30 23125001") }
    }

    private func ring(_ stage: BridgeStage, _ id: Int64) async throws {
        try await stage.play([SceneCall(id, .inboundRinging)], [])
    }

    private func waitForHangup(_ stage: BridgeStage, _ id: Int64) async throws {
        try await stage.zammad.wait(for: "the end of call \(id)") { rows in
            rows.contains { $0.callID.hasPrefix("3cx-\(id)-") && $0.state == .hangup }
        }
    }

    @Test("makes one for a missed call, adds a repeated call to it, and makes none for one that is answered")
    func made() async throws {
        try await BridgeStage.run(
            zammadSettings: Self.settings(), statusListen: "127.0.0.1:0",
            prepare: { _, zammad in await Self.addCustomer(zammad) }
        ) { stage in
            try await ring(stage, 21)
            let created = try await stage.bridge.waitForLog("ticket created")
            #expect(created["ticket"] != nil && created["call"]?.hasPrefix("3cx-21-") == true)
            try await stage.play([SceneCall(22, .inboundRinging)], [SceneCall(22, .inboundTalking)], [])
            try await waitForHangup(stage, 22)
            try await ring(stage, 23)
            try await stage.bridge.waitForLog("call added to an open ticket")
            let tickets = await stage.zammad.helpdesk.value.tickets
            #expect(tickets.map(\.articles.count) == [2])
            #expect(tickets.first?.title == "Missed call: 03023125001")
            let explained = try await BridgeProcess.run(
                ["explain", "-c", stage.path, created["call"] ?? ""], in: ProgramFolder.of(stage))
            #expect(explained.data.contains("ticket \(created["ticket"] ?? "") created"), "\(explained)")
        }
    }

    @Test(
        "delivers events in time whatever its tickets meet",
        arguments: [LoopbackFault.hang, .status(500), .status(403), .drop])
    func beside(_ fault: LoopbackFault) async throws {
        try await BridgeStage.run(
            zammadSettings: Self.settings() + ["max_parallel: 1"],
            prepare: { _, zammad in
                await Self.addCustomer(zammad)
                for path in ["/api/v1/ticket_customer", Self.path, LoopbackZammad.searchPath] {
                    await zammad.server.inject(fault, on: path)
                }
            }
        ) { stage in
            try await ring(stage, 21)
            // The first ticket has met its fault, and what hangs is under way while the next calls are told of.
            try await stage.zammad.server.requests.wait(count: 1) { $0.path == "/api/v1/ticket_customer" }
            for id in Int64(22)...24 {
                try await ring(stage, id)
                try await waitForHangup(stage, id)
            }
            #expect(await stage.zammad.rows().count == 4)
            #expect(await stage.zammad.helpdesk.value.tickets.isEmpty)
            try await stage.stop()
        }
    }

    @Test("has exactly one ticket after it was killed between the request and its reply")
    func killed() async throws {
        try await BridgeProcess.inSlot {
            let pbx = try await PhoneSystemKind.legacy.start()
            let zammad = try await LoopbackZammad.start(
                token: ProgramSecrets.endpointToken, apiToken: ProgramSecrets.apiToken)
            await Self.addCustomer(zammad)
            try await ProgramFolder.with { folder in
                let own = [
                    "api: legacy", "events: false", "state_dir: \"\(folder.path("state"))\"", "status_listen: \"\"",
                ]
                let path = try folder.write(
                    "bridge.yaml", BridgeStage.configuration(pbx, zammad, own, Self.settings()))
                await zammad.server.inject(.processThenHang, on: Self.path, next: 1)
                try await BridgeProcess.with(["-c", path], in: folder) { bridge in
                    await pbx.show([SceneCall(21, .inboundRinging)])
                    try await pbx.waitForPolls(1)
                    await pbx.show([])
                    try await zammad.helpdesk.wait(for: "the ticket") { !$0.tickets.isEmpty }
                    bridge.signal(SIGKILL)
                    try await bridge.waitForExit()
                }
                try await BridgeProcess.with(["-c", path], in: folder) { bridge in
                    // It waits for a late request, and looks then.
                    try await bridge.waitForLog("the call has its ticket already", within: .seconds(60))
                    bridge.signal(15)
                    try await bridge.waitForExit()
                }
                #expect(await zammad.helpdesk.value.articles.count == 1)
                #expect(await zammad.server.count(of: Self.path) == 1)
            }
            await pbx.server.stop()
            await zammad.stop()
        }
    }

    @Test("keeps a ticket that Zammad refuses where the operator finds it, and makes it when asked to")
    func deadLetter() async throws {
        try await BridgeStage.run(
            zammadSettings: Self.settings(),
            prepare: { _, zammad in
                await Self.addCustomer(zammad)
                await zammad.server.inject(.status(422, body: #"{"error":"bad title"}"#), on: Self.path)
            }
        ) { stage in
            try await ring(stage, 21)
            let dead = try await stage.bridge.waitForLog("ticket given up")
            #expect(dead.level == "error" && dead["reason"]?.contains("bad title") == true)
            let list = try await outbox(stage, "list", "--json")
            let document = try JSONDecoder().decode(TicketList.self, from: Data(list.data.utf8))
            #expect(document.tickets.map(\.state) == ["deadLetter"])
            let id = try #require(document.tickets.first?.id)
            let text = try await outbox(stage, "list")
            #expect(text.data.contains("Tickets given up:") && text.data.contains("bad title"), "\(text.data)")
            await stage.zammad.server.clearFaults()
            let retry = try await outbox(stage, "retry", "\(id)")
            #expect(retry.messages.contains("1 ticket on the way again"), "\(retry)")
            try await stage.bridge.waitForLog("ticket created")
            #expect(await stage.zammad.helpdesk.value.tickets.count == 1)
            #expect(try await outbox(stage, "drop", "\(id)", "--yes").exit == .code(1))
        }
    }

    @Test("makes them after a reload that switches them on")
    func reload() async throws {
        try await BridgeStage.run(prepare: { _, zammad in await Self.addCustomer(zammad) }) { stage in
            try await ring(stage, 21)
            try await waitForHangup(stage, 21)
            let text = try String(contentsOfFile: stage.path, encoding: .utf8)
            try stage.rewrite(text + "\n" + Self.settings().map { "  \($0)" }.joined(separator: "\n"))
            try await stage.bridge.waitForLog("configuration read again")
            try await ring(stage, 22)
            try await stage.bridge.waitForLog("ticket created")
            let articles = await stage.zammad.helpdesk.value.articles
            #expect(articles.count == 1 && articles.first?.messageID?.hasPrefix("<3cx-22-") == true)
        }
    }

    @Test("shows neither names nor numbers of them with --trace")
    func trace() async throws {
        try await BridgeStage.run(
            zammadSettings: Self.settings(", create_customers: true, title: \"{name} {number}\""), flags: ["--trace"]
        ) { stage in
            try await ring(stage, 21)
            try await stage.bridge.waitForLog("ticket created")
            // Once more, so that the article and the customer's tickets are in it as well.
            try await ring(stage, 22)
            try await stage.bridge.waitForLog("call added to an open ticket")
            try await stage.stop()
            let messages = await stage.bridge.output.value.messages
            for part in ["/api/v1/tickets", "/api/v1/ticket_articles", "/api/v1/users", "/api/v1/ticket_customer"] {
                #expect(messages.contains(part))
            }
            for personal in ["23125001", "Eva", "Beispiel"] { #expect(!messages.contains(personal), "\(personal)") }
        }
    }

    @Test("asks Zammad for nothing of the kind where they are off")
    func off() async throws {
        try await BridgeStage.run(
            zammadSettings: ["api_token: \(ProgramSecrets.apiToken)"],
            prepare: { _, zammad in await Self.addCustomer(zammad) }
        ) { stage in
            try await ring(stage, 21)
            try await waitForHangup(stage, 21)
            try await stage.stop()
            let others = await stage.zammad.server.requests.events.filter { !$0.path.hasPrefix("/api/v1/cti/") }
            #expect(others.map(\.path) == [])
        }
    }

    private func outbox(_ stage: BridgeStage, _ arguments: String...) async throws -> ProgramOutput {
        try await BridgeProcess.run(["outbox"] + arguments + ["-c", stage.path], in: ProgramFolder.of(stage))
    }

    private struct TicketList: Decodable {
        struct Ticket: Decodable {
            let id: Int
            let state: String
        }

        let tickets: [Ticket]
    }
}

extension ProgramFolder {
    /// In which the daemon of a stage runs.
    fileprivate static func of(_ stage: BridgeStage) -> ProgramFolder {
        ProgramFolder(url: URL(filePath: stage.path).deletingLastPathComponent())
    }
}
