import Foundation
import Testing
import Wire

@Suite("The loopback PBX of version 18", .timeLimit(.minutes(10)))
struct LoopbackLegacyPBXTests {
    private let client = LoopbackClient()

    /// Logs in and returns the header that carries the session.
    private func login(_ pbx: LoopbackLegacyPBX) async throws -> [String: String] {
        let answer = try await client.post("\(pbx.host)/api/login", json: ["username": "admin", "PASSWORD": "secret"])
        #expect(answer.status == 200)
        #expect(answer.body == "AuthSuccess")
        let cookies = try #require(answer.setCookie)
        #expect(cookies.contains("language=en; expires=Wed, 21 Oct 2037"))
        let start = try #require(cookies.range(of: LoopbackLegacyPBX.sessionCookie))
        return ["Cookie": "other=1; \(cookies[start.lowerBound...].prefix { $0 != ";" })"]
    }

    @Test("calls need a session, and a session ends when the test says so")
    func sessions() async throws {
        let pbx = try await LoopbackLegacyPBX.start()
        let url = "\(pbx.host)/api/activeCalls"
        #expect(try await client.get(url).status == 401)
        let cookie = try await login(pbx)
        await pbx.setCalls([LegacyCall(id: 322, caller: "10001 Trunk (+4930)", callee: "101 Anna", status: "Routing")])
        let calls = try await client.get(url, headers: cookie).json
        #expect(calls?["list"]?[0]?["Id"] == 322)
        #expect(calls?["list"]?[0]?["EstablishedAt"] == .null)
        await pbx.setCalls(raw: #"{"list":[{"#)
        #expect(try await client.get(url, headers: cookie).body == #"{"list":[{"#)
        await pbx.expireSessions()
        #expect(try await client.get(url, headers: cookie).status == 401)
        await pbx.configure { $0.expiredSessionStatus = 403 }
        #expect(try await client.get(url, headers: cookie).status == 403)
        #expect(await pbx.logins == 1)
        #expect(await pbx.count(of: "/api/activeCalls") == 5)
        await pbx.stop()
    }

    @Test("a wrong password fails in two ways")
    func wrongPassword() async throws {
        let pbx = try await LoopbackLegacyPBX.start()
        let wrong: LoopbackJSON = ["Username": "admin", "Password": "guess"]
        let refused = try await client.post("\(pbx.host)/api/login", json: wrong)
        #expect(refused.status == 401)
        #expect(refused.body.isEmpty)
        await pbx.configure { $0.loginFailure = .authFailedText }
        let text = try await client.post("\(pbx.host)/api/login", json: wrong)
        #expect(text.status == 200)
        #expect(text.body == "AuthFailed")
        #expect(text.setCookie == nil)
        #expect(try await client.post("\(pbx.host)/connect/token", form: "").status == 404)
        await pbx.stop()
    }

    @Test("group members come in pages of ten")
    func members() async throws {
        let pbx = try await LoopbackLegacyPBX.start {
            $0.groups = [LegacyGroup(id: 41, name: "Support", extensions: 101...123)]
        }
        let cookie = try await login(pbx)
        let groups = try await client.get("\(pbx.host)/api/GroupList", headers: cookie).json
        #expect(groups?["list"]?[0]?["Name"] == "Support")
        let opened = try await client.post("\(pbx.host)/api/GroupList/set", json: ["Id": 41], headers: cookie).json
        let object = try #require(opened?["Id"]?.integer)
        #expect(opened?["ActiveObject"]?["Members"]?["count"] == 23)
        var sizes: [Int?] = []
        for start in [0, 10, 20, 30] as [Int64] {
            let update: LoopbackJSON = [
                "Path": ["ObjectId": .string(String(object)), "PropertyPath": [["Name": "Members"]]],
                "PropertyValue": ["State": ["Start": .integer(start), "SortBy": nil, "Reverse": false, "Search": ""]],
            ]
            let page = try await client.post("\(pbx.host)/api/edit/update", json: update, headers: cookie).json
            sizes.append(page?[0]?["Item"]?["Members"]?["selected"]?.elements?.count)
        }
        #expect(sizes == [10, 10, 3, 0])
        await pbx.stop()
    }

    @Test("a list can be there, denied or missing")
    func lists() async throws {
        let pbx = try await LoopbackLegacyPBX.start {
            $0.setTrunks([("10001", "SIP-Trunk")])
            $0.deniedPaths = ["/api/QueueList": 403, "/api/IVRList": 404]
        }
        let cookie = try await login(pbx)
        var statuses: [Int] = []
        for path in ["TrunkList", "QueueList", "IVRList", "RingGroupList", "ExtensionList", "SystemStatus"] {
            statuses.append(try await client.get("\(pbx.host)/api/\(path)", headers: cookie).status)
        }
        #expect(statuses == [200, 403, 404, 200, 200, 200])
        let trunks = try await client.get("\(pbx.host)/api/TrunkList", headers: cookie).json
        #expect(trunks?["list"]?[0]?["Number"] == "10001")
        await pbx.stop()
    }

    @Test("answers can be spoilt on one path")
    func faults() async throws {
        let pbx = try await LoopbackLegacyPBX.start()
        let cookie = try await login(pbx)
        let path = "/api/activeCalls"
        let url = pbx.host + path
        let whole = try await client.get(url, headers: cookie).body
        for fault in [.truncated, .loginPage, .contentType("text/html"), .empty] as [LoopbackFault] {
            await pbx.inject(fault, on: path, next: 1)
        }
        let truncated = try await client.get(url, headers: cookie)
        #expect(whole.hasPrefix(truncated.body) && truncated.body.count == whole.count / 2 && truncated.json == nil)
        let page = try await client.get(url, headers: cookie)
        #expect(page.status == 200 && page.contentType?.hasPrefix("text/html") == true)
        let mistyped = try await client.get(url, headers: cookie)
        #expect(mistyped.body == whole && mistyped.contentType == "text/html")
        #expect(try await client.get(url, headers: cookie).body.isEmpty)
        await pbx.inject(.cutShort, on: path, next: 1)
        await #expect(throws: HTTPFailure.self) { try await client.get(url, headers: cookie) }
        #expect(try await client.get(url, headers: cookie).body == whole)
        await pbx.stop()
    }
}
