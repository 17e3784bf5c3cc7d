import Domain
import FoundationEssentials
import Testing

@testable import Adapters
@testable import Played

@Suite("The calls of call control's participants")
struct CallControlAggregatorTests {
    private typealias Station = ParticipantStation

    private struct Leg: Hashable {
        var dn: Int
        var call: Int
        var status: String
    }

    private static func picture(_ legs: [Leg], isWhole: Bool) throws -> [Station] {
        let dns = (0..<6).map { dn in
            let participants = legs.filter { $0.dn == dn }.map { leg in
                """
                {"id":\(leg.dn * 100 + leg.call),"callid":\(leg.call),"legid":2,"status":"\(leg.status)",
                "party_dn_type":"Wexternalline","party_dn":"10001","party_caller_id":"+4930231250\(10 + leg.call)"}
                """
            }
            return #"{"dn":"\#(dn == 0 ? 800 : 100 + dn)","type":"\#(dn == 0 ? "Wqueue" : "Wextension")","#
                + #""participants":[\#(participants.joined(separator: ","))]}"#
        }
        // Another DN makes every call be looked into anew.
        let other = isWhole ? [] : [#"{"dn":"999","type":"Wextension"}"#]
        let text = "[\((dns + other).joined(separator: ","))]"
        return try JSONDecoder().decode([CallControlMessages.Station].self, from: Data(text.utf8)).map(\.followed)
    }

    @Test("are the same whether single changes are followed or all is looked into", arguments: 0..<30 as Range<UInt64>)
    func incremental(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var following = CallControlAggregator()
        var anew = CallControlAggregator()
        var legs: [Leg] = []
        for step in 0..<80 {
            for _ in 0...Int.random(in: 0...2, using: &random) {
                switch Int.random(in: 0..<4, using: &random) {
                case 0,
                    1 where legs.isEmpty:
                    let leg = Leg(
                        dn: .random(in: 0..<6, using: &random), call: .random(in: 1...8, using: &random),
                        status: ["Ringing", "Dialing", "Connected"].randomElement(using: &random) ?? "Ringing")
                    if !legs.contains(where: { $0.dn == leg.dn && $0.call == leg.call }) { legs.append(leg) }
                case 1: legs.remove(at: .random(in: legs.indices, using: &random))
                case 2 where !legs.isEmpty: legs[.random(in: legs.indices, using: &random)].status = "Connected"
                default: break
                }
            }
            let now = Instant(milliseconds: Int64(step) * 3000)
            let followed = following.aggregate(try Self.picture(legs, isWhole: true), at: now)
            let all = anew.aggregate(try Self.picture(legs, isWhole: step.isMultiple(of: 2)), at: now)
            #expect(followed == all)
            #expect(followed.map(\.id) == Set(legs.map { PBXCallID("\($0.call)") }).sorted())
        }
    }
}
