import Adapters
import Testing

@Suite("The configuration interface of the loopback PBX of version 20", .timeLimit(.minutes(10)))
struct LoopbackXAPITests {
    private static func office(_ pbx: inout CallControlPBXState) {
        pbx.xapi.addUser("101", first: "John", last: "Doe", email: "john.doe@example.com")
        pbx.xapi.addUser("102", first: "Jane", last: "")
        pbx.xapi.addTrunk("10001", externalNumber: "+493023125000")
        pbx.xapi.addQueue(55, "80", "Support", agents: [.init(number: "101", name: "Doe, John")])
        pbx.xapi.addRingGroup(60, "800", "Front desk", members: [.init(number: "102", name: "Jane")])
        pbx.xapi.addGroup(
            35, "Support", members: [.init(number: "101", name: "Doe, John"), .init(number: "80", type: "Queue")])
    }

    @Test("shows the lists and their members, the version and the parameters")
    func lists() async throws {
        try await EventSocketClient.run(configure: Self.office) { world in
            let token = try await world.token()
            func value(_ path: String) async throws -> LoopbackJSON? {
                let answer = try await world.get("/xapi/v1/\(path)", token: token)
                #expect(answer.status == 200)
                return answer.json?["value"]
            }
            #expect(try await value("Groups")?[0]?["Id"] == 35)
            #expect(try await value("Groups(35)/Members")?.elements?.map { $0["Type"] } == ["Extension", "Queue"])
            #expect(try await value("Queues(55)/Agents")?[0]?["Number"] == "101")
            #expect(try await value("RingGroups(60)/Members")?[0]?["Name"] == "Jane")
            #expect(try await value("Trunks")?[0]?["Number"] == "10001")
            let users = try await value("Users?$select=Number,%20DisplayName&$filter=Number%20eq%20'101'")
            #expect(users == [["Number": "101", "DisplayName": "Doe, John"]])
            #expect(try await world.get("/xapi/v1/Groups(36)/Members", token: token).status == 404)
            #expect(try await world.get("/xapi/v1/Groups", token: "none").status == 401)
            #expect(try await world.get("/xapi/v1/Defs?$select=Id", token: token).json?["Id"] == 0)
            let parameters = try await world.get("/xapi/v1/Defs/Pbx.GetSystemParameters()", token: token)
            #expect(parameters.json?["ENL"] == 3)
        }
    }

    @Test("tells its version in a header")
    func version() throws {
        let request = LoopbackRequest(method: "GET", path: "/xapi/v1/Defs", query: "", headers: [:], body: "")
        #expect(try LoopbackXAPI().answer(request, derived: []).headers == ["X-3CX-Version": "20.0.8.1121"])
    }

    @Test("shows long lists in pages")
    func pages() async throws {
        try await EventSocketClient.run(configure: { pbx in
            for number in 0..<250 { pbx.xapi.addUser("\(1000 + number)", first: "A", last: "B") }
        }) { world in
            let token = try await world.token()
            func page(_ query: String) async throws -> (count: Int?, first: String?, next: String?) {
                let json = try await world.get("/xapi/v1/Users\(query)", token: token).json
                return (
                    json?["value"]?.elements?.count, json?["value"]?[0]?["Number"]?.string,
                    json?["@odata.nextLink"]?.string
                )
            }
            var next: String? = "\(world.pbx.host)/xapi/v1/Users?$count=true"
            var seen: [Int?] = []
            while let path = next?.dropFirst(world.pbx.host.count), seen.count < 9 {
                let answer = try await world.get(String(path), token: token)
                seen.append(answer.json?["value"]?.elements?.count)
                #expect(answer.json?["@odata.count"] == 250)
                next = answer.json?["@odata.nextLink"]?.string
            }
            #expect(seen == [100, 100, 50])
            #expect(try await page("?$top=100&$skip=200") == (50, "1200", nil))
            #expect(try await page("?$top=2&$skip=3") == (2, "1003", nil))
            #expect(try await page("?$skip=250") == (0, nil, nil))
            #expect(try await world.get("/xapi/v1/Users?$top=101", token: token).status == 400)
            await world.pbx.configure { $0.xapi.nextLink = .never }
            #expect(try await page("").next == nil)
            await world.pbx.configure { $0.xapi.nextLink = .always }
            #expect(try await page("?$top=100").next?.hasSuffix("/xapi/v1/Users?$skip=100&$top=100") == true)
        }
    }

    @Test("refuses as a whole, or single lists")
    func permissions() async throws {
        try await EventSocketClient.run(configure: Self.office) { world in
            let token = try await world.token()
            await world.pbx.configure { $0.xapi.refused = ["Users": 403, "Groups/Members": 404, "ActiveCalls": 401] }
            for (path, status) in [
                ("Users", 403), ("Groups", 200), ("Groups(35)/Members", 404), ("ActiveCalls", 401), ("Queues", 200),
            ] {
                #expect(try await world.get("/xapi/v1/\(path)", token: token).status == status, "\(path)")
            }
            await world.pbx.configure { $0.xapi.access = .forbidden }
            #expect(try await world.get("/xapi/v1/Groups", token: token).status == 403)
            #expect(try await world.get("/callcontrol", token: token).status == 200)
        }
    }

    @Test("derives the rows of active calls from the participants, unless a test sets them")
    func activeCalls() async throws {
        try await EventSocketClient.run(configure: Self.office) { world in
            let token = try await world.token()
            func rows() async throws -> [String] {
                let value = try await world.get("/xapi/v1/ActiveCalls", token: token).json?["value"]
                return (value?.elements ?? []).map { row in
                    let texts = ["Caller", "Callee", "Status"].map { row[$0]?.string ?? "-" }
                    return "\(row["Id"]?.integer ?? -1): \(texts.joined(separator: " | "))"
                }
            }
            await world.pbx.setDNs([CallControlDN(dn: "101"), CallControlDN(dn: "80", type: "Wqueue")])
            #expect(try await rows() == [])
            try await world.pbx.upsert(
                .inbound(id: 1, callID: 7, dn: "80", from: "+493023125001", status: "Connected"))
            try await world.pbx.upsert(.outbound(id: 2, callID: 8, dn: "102", to: "03023125044"))
            #expect(
                try await rows() == [
                    "7: 10001 SIP-Trunk (+493023125001) | 80 Support | Talking",
                    "8: 102 Jane | 10001 SIP-Trunk (03023125044) | Routing",
                ])
            try await world.pbx.upsert(.inbound(id: 3, callID: 7, dn: "101", from: "+493023125001"))
            try await world.pbx.removeParticipant(2, of: "102")
            #expect(try await rows() == ["7: 10001 SIP-Trunk (+493023125001) | 101 Doe, John | Routing"])
            await world.pbx.configure {
                $0.xapi.activeCalls = [LoopbackActiveCall(id: 9, caller: "a", callee: "b", status: "Unknown")]
            }
            #expect(try await rows() == ["9: a | b | Unknown"])
        }
    }

    @Test("takes the tokens of a user's login, which is refreshed by cookie or form, beside the client's")
    func webClient() async throws {
        try await EventSocketClient.run(configure: Self.office) { world in
            let (client, host) = (world.client, world.pbx.host)
            func login(_ password: String) async throws -> LoopbackClient.Answer {
                try await client.post(
                    "\(host)/webclient/api/Login/GetAccessToken",
                    json: ["Username": "101", "Password": .string(password), "SecurityCode": ""])
            }
            #expect(try await login("wrong").json == ["Status": "AuthFailed", "Token": nil, "TwoFactorAuth": nil])
            let own = try await world.token()
            let answer = try await login("secret")
            #expect(answer.json?["Status"] == "AuthSuccess")
            let first = try #require(answer.json?["Token"]?["access_token"]?.string)
            let refresh = try #require(answer.json?["Token"]?["refresh_token"]?.string)
            #expect(answer.setCookie?.hasPrefix("RefreshTokenCookie=\(refresh);") == true)
            #expect(try await world.get("/xapi/v1/Users", token: first).status == 200)
            #expect(try await world.get("/callcontrol", token: first).status == 403)
            #expect(try await world.get("/callcontrol", token: own).status == 200)
            let form = "grant_type=refresh_token&client_id=Webclient"
            #expect(try await client.post("\(host)/connect/token", form: form).status == 400)
            let renewed = try await client.post("\(host)/connect/token", form: "\(form)&refresh_token=\(refresh)")
            let second = try #require(renewed.json?["access_token"]?.string)
            #expect(try await world.get("/xapi/v1/Users", token: first).status == 401)
            #expect(try await world.get("/xapi/v1/Users", token: second).status == 200)
            let cookie = try #require(renewed.setCookie?.split(separator: ";").first)
            let again = try await client.post("\(host)/connect/token", form: form, headers: ["Cookie": String(cookie)])
            #expect(again.status == 200)
            await world.pbx.configure { $0.webClient.mayCallControl = true }
            let third = try #require(again.json?["access_token"]?.string)
            #expect(try await world.get("/callcontrol", token: third).status == 200)
            await world.pbx.configure { $0.webClient.wantsSecurityCode = true }
            #expect(try await login("secret").json?["Token"] == .null)
            #expect(await world.pbx.state.value.webClient.refreshes == 2)
            #expect(await world.pbx.secretsInURL.isEmpty)
        }
    }
}
