import Adapters
import Testing
import Wire

@Suite("The event socket of the loopback PBX of version 20", .timeLimit(.minutes(10)))
struct LoopbackEventSocketTests {
    private static func ringing(_ id: Int64, on dn: String = "101") -> CallControlParticipant {
        .inbound(id: id, callID: id + 1000, dn: dn, from: "+493023125001")
    }

    @Test("tells of changes after they were made, counting from 1 on each connection")
    func events() async throws {
        try await EventSocketClient.run { world in
            let token = try await world.token()
            let first = try await world.open(token: token)
            try await world.pbx.upsert(Self.ringing(1))
            #expect(try await first.event() == "1 0 101/1")
            let second = try await world.open(token: token)
            #expect(try await world.get("/callcontrol/101/participants/1", token: token).json?["status"] == "Ringing")
            var answered = Self.ringing(1)
            answered.status = "Connected"
            try await world.pbx.upsert(answered)
            #expect(try await first.event() == "2 0 101/1")
            #expect(try await second.event() == "1 0 101/1")
            #expect(
                try await world.get("/callcontrol/101/participants", token: token).json?[0]?["status"] == "Connected")
            try await world.pbx.removeParticipant(1, of: "101")
            #expect(try await first.event() == "3 1 101/1")
            #expect(try await world.get("/callcontrol/101/participants/1", token: token).status == 404)
            #expect(try await world.get("/callcontrol/101", token: token).json?["participants"] == [])
            #expect(await world.pbx.count(of: "/callcontrol/ws") == 2)
            #expect(await world.pbx.count(of: "/callcontrol") == 0)
        }
    }

    @Test("wants the living token for the upgrade, and survives its end")
    func tokens() async throws {
        try await EventSocketClient.run { world in
            #expect(await world.refusal(token: "none") == .refused(status: 401))
            let old = try await world.token()
            let socket = try await world.open(token: old)
            let new = try await world.token()
            #expect(await world.refusal(token: old) == .refused(status: 401))
            #expect(try await world.get("/callcontrol", token: old).status == 401)
            try await world.pbx.upsert(Self.ringing(1))
            #expect(try await socket.event() == "1 0 101/1")
            await socket.close()
            try await world.pbx.waitForOpenSockets(0)
            _ = try await world.open(token: new)
            try await world.pbx.waitForSockets(total: 2)
        }
    }

    @Test("is refused as often as the test says, and by the switch for it")
    func refusals() async throws {
        try await EventSocketClient.run { world in
            let token = try await world.token()
            await world.pbx.refuseSockets(503, next: 2)
            #expect(await world.refusal(token: token) == .refused(status: 503))
            #expect(await world.refusal(token: token) == .refused(status: 503))
            _ = try await world.open(token: token)
            await world.pbx.refuseSockets(302)
            #expect(await world.refusal(token: token) == .refused(status: 302))
            await world.pbx.acceptSockets()
            for (access, status) in [
                (CallControlPBXState.Access.forbidden, 403), (.notFound, 404), (.unauthorized, 401),
            ] {
                await world.pbx.configure { $0.sockets.access = access }
                #expect(await world.refusal(token: token) == .refused(status: status))
                #expect(try await world.get("/callcontrol", token: token).status == 200)
            }
            await world.pbx.configure { $0.sockets.access = .allowed }
            _ = try await world.open(token: token)
            #expect(try await world.get("/callcontrol/ws", token: token).status == 400)
        }
    }

    @Test("is dropped with a code or without one")
    func drops() async throws {
        try await EventSocketClient.run { world in
            let token = try await world.token()
            for code in [1001, 1011, nil] {
                let socket = try await world.open(token: token)
                try await world.pbx.upsert(Self.ringing(1))
                await world.pbx.dropSockets(code: code.map(UInt16.init))
                #expect(try await socket.event() == "1 0 101/1")
                #expect(await socket.failure()?.kind == .closed(code: code))
                try await world.pbx.waitForOpenSockets(0)
            }
            let socket = try await world.open(token: token)
            await world.pbx.stop()
            #expect(await socket.failure()?.kind == .closed(code: nil))
            try await world.pbx.restart()
            _ = try await world.open(token: token)
        }
    }

    @Test("duplicates, reorders, delays and passes over numbers as it is told")
    func faults() async throws {
        try await EventSocketClient.run { world in
            let socket = try await world.open()
            await world.pbx.configure { $0.sockets.duplicates = true }
            try await world.pbx.upsert(Self.ringing(1))
            #expect(try await socket.event() == "1 0 101/1")
            #expect(try await socket.event() == "2 0 101/1")
            await world.pbx.configure {
                $0.sockets.duplicates = false
                $0.sockets.reordersPairs = true
            }
            try await world.pbx.upsert(Self.ringing(2))
            try await world.pbx.removeParticipant(2, of: "101")
            #expect(try await socket.event() == "4 1 101/2")
            #expect(try await socket.event() == "3 0 101/2")
            await world.pbx.configure {
                $0.sockets.reordersPairs = false
                $0.sockets.skipped = 3
                $0.sockets.delay = .milliseconds(300)
            }
            let startedAt = ContinuousClock.now
            try await world.pbx.upsert(Self.ringing(3))
            #expect(try await socket.event() == "8 0 101/3")
            #expect(ContinuousClock.now - startedAt >= .milliseconds(290))
            await world.pbx.sendToSockets(raw: "{not json")
            #expect(try await socket.text() == "{not json")
            try await world.pbx.emit(CallControlEvent(type: 7, entity: "/callcontrol/101/devices/x"))
            #expect(try await socket.event() == "9 7 101/devices/x")
        }
    }

    @Test("tells of all differences when the whole state is replaced")
    func replacement() async throws {
        try await EventSocketClient.run { world in
            let socket = try await world.open()
            await world.pbx.setDNs([
                CallControlDN(dn: "101", participants: [Self.ringing(1), Self.ringing(2)]),
                CallControlDN(dn: "102", participants: [Self.ringing(3, on: "102")]),
            ])
            var answered = Self.ringing(2)
            answered.status = "Connected"
            try await world.pbx.replaceDNs([
                CallControlDN(dn: "101", participants: [answered]),
                CallControlDN(dn: "102", participants: [Self.ringing(3, on: "102"), Self.ringing(4, on: "102")]),
            ])
            #expect(try await socket.event() == "1 1 101/1")
            #expect(try await socket.event() == "2 0 101/2")
            #expect(try await socket.event() == "3 0 102/4")
        }
    }

    @Test("attaches nothing, or the participant in the shape that is wanted")
    func attachments() async throws {
        try await EventSocketClient.run { world in
            let socket = try await world.open()
            let participant = Self.ringing(1)
            for attachment in CallControlEvent.Attachment.allCases {
                await world.pbx.configure { $0.sockets.attachment = attachment }
                try await world.pbx.upsert(participant)
                let attached = try LoopbackJSON(text: try await socket.text())["event"]?["attached_data"]
                switch attachment {
                case .nothing: #expect(attached == .null)
                case .response:
                    #expect(attached?["Path"] == "/callcontrol/101/participants/1")
                    #expect(attached?["Response"] == participant.json)
                case .participant: #expect(attached == participant.json)
                case .body: #expect(attached?["body"] == participant.json)
                case .data: #expect(attached?["data"] == participant.json)
                }
            }
        }
    }

    @Test("may leave pings unanswered, and answers them else")
    func pings() async throws {
        try await EventSocketClient.run { world in
            let token = try await world.token()
            func open(_ pongTimeout: Duration) async throws -> any WebSocket {
                try await world.opener.open(
                    WebSocketRequest(
                        url: "\(world.pbx.host)/callcontrol/ws", headers: ["Authorization": "Bearer \(token)"],
                        timeout: .seconds(60), pingInterval: .milliseconds(10), pongTimeout: pongTimeout))
            }
            let answered = try await open(.seconds(60))
            await world.pbx.configure { $0.sockets.answersPings = false }
            let ignored = try await open(.milliseconds(200))
            #expect(await ignored.failure()?.kind == .silent)
            try await world.pbx.upsert(Self.ringing(1))
            #expect(try await answered.event() == "1 0 101/1")
        }
    }

    @Test("gives late answers about participants that were true when they were asked for")
    func lateAnswers() async throws {
        try await EventSocketClient.run { world in
            let token = try await world.token()
            let socket = try await world.open(token: token)
            try await world.pbx.upsert(Self.ringing(1))
            #expect(try await socket.event() == "1 0 101/1")
            await world.pbx.configure { $0.participantDelay = .milliseconds(500) }
            let path = "/callcontrol/101/participants/1"
            async let answer = world.get(path, token: token)
            try await world.pbx.state.wait(for: "an answer") { $0.toldParticipants.count == 1 }
            try await world.pbx.removeParticipant(1, of: "101")
            #expect(try await answer.json?["status"] == "Ringing")
            #expect(try await world.get(path, token: token).status == 404)
        }
    }
}
