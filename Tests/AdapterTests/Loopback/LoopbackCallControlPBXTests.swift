import Adapters
import Foundation
import Testing

@Suite("The loopback PBX of version 20", .timeLimit(.minutes(10)))
struct LoopbackCallControlPBXTests {
    private let client = LoopbackClient()
    private let credentials = "client_id=zammadbridge&client_secret=secret&grant_type=client_credentials"

    private func token(_ pbx: LoopbackCallControlPBX) async throws -> [String: String] {
        let answer = try await client.post("\(pbx.host)/connect/token", form: credentials)
        #expect(answer.status == 200)
        #expect(answer.json?["expires_in"] == 60)
        #expect(answer.json?["refresh_token"] == .null)
        return ["Authorization": "Bearer \(try #require(answer.json?["access_token"]?.string))"]
    }

    @Test("a new token ends the life of the one before")
    func oneToken() async throws {
        let pbx = try await LoopbackCallControlPBX.start()
        let url = "\(pbx.host)/callcontrol"
        #expect(try await client.get(url).status == 401)
        let first = try await token(pbx)
        #expect(try await client.get(url, headers: first).body == "[]")
        let second = try await token(pbx)
        #expect(try await client.get(url, headers: first).status == 401)
        #expect(try await client.get(url, headers: second).status == 200)
        await pbx.expireToken()
        #expect(try await client.get(url, headers: second).status == 401)
        #expect(await pbx.tokensMinted == 2)
        try await pbx.waitForRequests(total: 5)
        await pbx.stop()
    }

    @Test("the token is a JWT with the expiry that the test wants")
    func expiry() async throws {
        let pbx = try await LoopbackCallControlPBX.start { $0.tokenLifetime = -100 }
        let bearer = try #require(try await token(pbx)["Authorization"])
        var payload = String(bearer.split(separator: ".")[1])
        payload += String(repeating: "=", count: (4 - payload.count % 4) % 4)
        let data = try #require(
            Data(base64Encoded: payload.replacing("-", with: "+").replacing("_", with: "/")))
        let claims = try LoopbackJSON(text: String(decoding: data, as: UTF8.self))
        let issued = try #require(claims["iat"]?.integer)
        #expect(claims["exp"]?.integer == issued - 100)
        await pbx.stop()
    }

    @Test("credentials count in the body only, and those in the URL are noted")
    func secretsInURL() async throws {
        let pbx = try await LoopbackCallControlPBX.start()
        let url = "\(pbx.host)/connect/token"
        _ = try await token(pbx)
        #expect(await pbx.secretsInURL.isEmpty)
        #expect(try await client.post("\(url)?\(credentials)", form: "").status == 400)
        #expect(await pbx.secretsInURL == ["/connect/token?\(credentials)"])
        let wrong = try await client.post(url, form: credentials.replacing("=secret", with: "=guess"))
        #expect(wrong.status == 401)
        #expect(wrong.json?["error"] == "unauthorized")
        await pbx.configure { $0.tokenMode = .badRequest }
        #expect(try await client.post(url, form: credentials).status == 400)
        #expect(try await client.post("\(pbx.host)/api/login", json: [:]).status == 404)
        #expect(await pbx.tokensMinted == 1)
        await pbx.stop()
    }

    @Test("DNs and participants are shown whole and singly")
    func state() async throws {
        let pbx = try await LoopbackCallControlPBX.start()
        await pbx.setDNs([
            CallControlDN(dn: "zammadbridge", type: "Wroutepoint"),
            CallControlDN(
                dn: "101", participants: [.inbound(id: 8106, callID: 1264, dn: "101", from: "+493023125001")]),
        ])
        let bearer = try await token(pbx)
        let url = "\(pbx.host)/callcontrol"
        let dns = try await client.get(url, headers: bearer).json
        #expect(dns?[1]?["participants"]?[0]?["party_dn_type"] == "Wexternalline")
        let participant = try await client.get("\(url)/101/participants/8106", headers: bearer).json
        #expect(participant == dns?[1]?["participants"]?[0])
        #expect(participant?.members?.count == 18)
        #expect(try await client.get("\(url)/101/participants/1", headers: bearer).status == 404)
        await pbx.setState(raw: "[{")
        #expect(try await client.get(url, headers: bearer).body == "[{")
        await pbx.stop()
    }

    @Test("a missing licence answers 403 or 404 to a good token")
    func licence() async throws {
        let pbx = try await LoopbackCallControlPBX.start { $0.access = .forbidden }
        let bearer = try await token(pbx)
        #expect(try await client.get("\(pbx.host)/callcontrol", headers: bearer).status == 403)
        await pbx.configure { $0.access = .notFound }
        #expect(try await client.get("\(pbx.host)/callcontrol", headers: bearer).status == 404)
        await pbx.inject(.status(502, body: "<html>"), on: "/callcontrol", next: 1)
        #expect(try await client.get("\(pbx.host)/callcontrol", headers: bearer).status == 502)
        await pbx.stop()
    }
}
