import Ports
import Testing

@testable import Adapters
@testable import Domain

@Suite("The dial plan")
struct DialPlanTests {
    private static let plan = DialPlan(
        entries: ["800": DialPlan.Entry(kind: .queue, name: "Support"), "10000": DialPlan.Entry(kind: .extension)],
        monitored: ["101", "800"], extensionDigits: 3, trunkDigits: 5)

    @Test(
        "tells what a DN is by the lists, else by its digits",
        arguments: [
            ("800", .queue), ("10000", .extension), ("101", .extension), ("10001", .trunk), ("1234", nil), ("", nil),
            ("1o1", nil), ("١٠١", nil), ("+49", nil), ("*55", nil),
        ] as [(String, DNKind?)])
    func kind(_ dn: String, _ expected: DNKind?) {
        #expect(Self.plan.kind(of: dn) == expected)
    }

    @Test("takes nothing for a trunk that is not on a list of trunks")
    func knownTrunks() {
        var plan = Self.plan
        plan.knowsTrunks = true
        #expect(plan.kind(of: "10001") == nil)
        #expect(plan.kind(of: "101") == .extension)
    }

    @Test("knows names and what is monitored by the lists alone")
    func namesAndMonitoring() {
        #expect(Self.plan.name(of: "800") == "Support")
        #expect(Self.plan.name(of: "101") == nil)
        #expect(Self.plan.monitored.contains("101"))
        #expect(!Self.plan.monitored.contains("102"))
        #expect(DialPlan().kind(of: "101") == nil)
    }

    @Test("takes 666 for voicemail, unless a list or the configuration says otherwise")
    func voicemail() {
        var plan = Self.plan
        #expect(plan.kind(of: "666") == .voicemail)
        plan.entries["666"] = DialPlan.Entry(kind: .extension)
        #expect(plan.kind(of: "666") == .extension)
        plan.voicemail = [NumberPattern("66*"), NumberPattern("999")].compactMap { $0 }
        #expect(plan.kind(of: "666") == .voicemail)
        #expect(plan.kind(of: "999") == .voicemail)
        #expect(plan.kind(of: "101") == .extension)
        plan.entries["666"] = nil
        plan.voicemail = []
        #expect(plan.kind(of: "666") == .extension)
    }

    @Test("gives an extension the role of an agent, and to what it cannot place another")
    func roles() {
        #expect(
            DNKind.allCases.map(\.legRole) == [.agent, .other, .queue, .ringGroup, .ivr, .voicemail, .other])
    }

    @Test(
        "a DN that no list names looks like a trunk by its five digits from 10000 on, where extensions have others",
        arguments: [
            ("10007", 3, true), ("19999", 4, true), ("10007", 5, false), ("20007", 3, false), ("1000", 3, false),
            ("100071", 3, false), ("10001", 3, false), ("10007", nil, true), ("10008", nil, true),
        ] as [(String, Int?, Bool)])
    func unlistedTrunk(_ dn: String, _ digits: Int?, _ isTrunk: Bool) {
        let entries = ["10001": DialPlan.Entry(kind: .queue), "101": DialPlan.Entry(kind: .extension)]
        #expect(DialPlan(entries: entries, extensionDigits: digits).looksLikeTrunk(dn) == isTrunk)
        #expect(!DialPlan().looksLikeTrunk(dn))
    }
}
