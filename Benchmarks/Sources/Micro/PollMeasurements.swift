import Adapters
import Domain
import Foundation
import Ports

/// Whole polls of the production views, from the bytes of an answer to the calls in it, with no network between.
enum PollMeasurements {
    static func rows() async throws -> [Row] {
        var configuration = BridgeConfiguration(
            phoneSystem: .init(host: "https://pbx.example.net"),
            zammad: .init(endpoint: Secret("https://zammad.example.net/api/v1/cti/x")))
        configuration.phoneSystem.user = "admin"
        configuration.phoneSystem.password = Secret("x")
        configuration.phoneSystem.extensionDigits = 3
        configuration.phoneSystem.trunkDigits = 5
        configuration.phoneSystem.groups = ["Support"]
        var client = configuration
        client.phoneSystem.user = nil
        client.phoneSystem.clientID = "bridge"
        client.phoneSystem.clientSecret = Secret("x")
        client.bridge.events = false
        let clock = VirtualClock(Instant(milliseconds: 1_770_110_100_000))
        let interfaces: [(String, BridgeConfiguration.PhoneSystemAPI, BridgeConfiguration, (Int, Int) -> [String])] = [
            ("legacy", .legacy, configuration, legacyBody), ("call control", .callcontrol, client, controlBody),
            ("XAPI", .xapi, client, xapiBody),
        ]
        var rows: [Row] = []
        for (name, api, configuration, body) in interfaces {
            let server = CannedAnswers()
            let view = api.interface.view(
                PhoneSystemConnection(PhoneSystemSettings(configuration), transport: server, clock: clock))
            for count in [100, 1000] { rows += try await measure(name, count, server, body, view) }
        }
        return rows
    }

    private static func measure(
        _ name: String, _ count: Int, _ server: CannedAnswers, _ body: (Int, Int) -> [String],
        _ view: (any PhoneSystemView)?
    ) async throws -> [Row] {
        guard let view else { return [] }
        // Every row of `other` is new; of `next` one.
        let (first, other) = (body(count, 0).map { Array($0.utf8) }, body(count, 7).map { Array($0.utf8) })
        let changed = body(count, 0).map { Array($0.replacing("John Doe 5\"", with: "Jane Roe 5\"").utf8) }
        server.calls = first
        guard try await view.poll().snapshot.calls.count == count else {
            throw Mistake(text: "\(name): not all calls are seen")
        }
        let repeats = 20
        func run(_ bodies: [[[UInt8]]]) async throws -> Timing {
            try await Timing.of {
                for number in 0..<repeats {
                    server.calls = bodies[number % bodies.count]
                    _ = try await view.poll()
                }
            }
        }
        return [
            .time("\(name): poll, \(count) calls, all new", each: repeats, try await run([first, other])),
            .time("\(name): poll, \(count) calls, one changed", each: repeats, try await run([first, changed])),
            .time("\(name): poll, \(count) calls, unchanged", each: repeats, try await run([first])),
        ]
    }

    struct Mistake: Error {
        let text: String
    }

    private static func legacyBody(_ count: Int, _ seed: Int) -> [String] {
        let rows = (0..<count).map {
            #"{"Id":\#(1000 + $0),"Caller":"10001 SIP-Trunk (+4930\#(1_000_000 + $0 + seed))","Callee":"1\#($0 % 90 + 10) John Doe \#($0)","Status":"Ringing","LastChangeStatus":"2026-02-03T09:15:01Z","EstablishedAt":"2026-02-03T09:15:01Z"}"#
        }
        return [#"{"Now":"2026-02-03T09:15:01Z","list":[\#(rows.joined(separator: ","))]}"#]
    }

    private static func xapiBody(_ count: Int, _ seed: Int) -> [String] {
        let rows = (0..<count).map {
            #"{"Id":\#(1000 + $0),"Caller":"10001 SIP-Trunk (+4930\#(1_000_000 + $0 + seed))","Callee":"1\#($0 % 90 + 10) John Doe \#($0)","Status":"Ringing","LastChangeStatus":"2026-02-03T09:15:01Z","EstablishedAt":"2026-02-03T09:15:01Z","ServerNow":"2026-02-03T09:15:01Z"}"#
        }
        return stride(from: 0, to: count, by: 100).map { start in
            #"{"@odata.context":"x","value":[\#(rows[start..<(start + 100)].joined(separator: ","))]}"#
        }
    }

    private static func controlBody(_ count: Int, _ seed: Int) -> [String] {
        let stations = (0..<100).map { station in
            let participants = (0..<(count / 100)).map { place in
                let number = station * (count / 100) + place
                return
                    #"{"id":\#(number),"callid":\#(number + 1),"legid":1,"status":"Ringing","party_caller_name":"John Doe \#(number)","party_dn":"10001","party_caller_id":"+4930\#(1_000_000 + number + seed)","party_did":"","party_dn_type":"Wexternalline","device_id":"","direct_control":false,"originated_by_dn":"","originated_by_type":"None","referred_by_dn":"","referred_by_type":"None","on_behalf_of_dn":"","on_behalf_of_type":"None"}"#
            }
            return
                #"{"dn":"\#(100 + station)","type":"Wextension","devices":[],"participants":[\#(participants.joined(separator: ","))]}"#
        }
        return ["[\(stations.joined(separator: ","))]"]
    }
}
