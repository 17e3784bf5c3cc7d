import Testing

@testable import Domain

@Suite("Which Zammad gets a call")
struct RoutingTests {
    private static let germany = NumberPlan(countryPrefix: "49", format: .e164)

    private static func patterns(_ texts: [String]) -> [NumberPattern] { texts.compactMap { NumberPattern($0) } }

    private static func match(_ change: (inout CallMatch) -> Void) -> CallMatch {
        var match = CallMatch()
        change(&match)
        return match
    }

    @Test(
        "by queue and ring group, exactly, by their beginning, by a range whose ends have as many digits, by a list",
        arguments: [
            (["800"], true), (["80*"], true), (["*"], true), (["799-801"], true), (["1", "800"], true),
            (["80"], false), (["81*"], false), (["801-899"], false), (["0799-0801"], false), (["8000"], false),
        ] as [([String], Bool)])
    func queue(patterns: [String], fits: Bool) {
        let match = Self.match { $0.queues = Self.patterns(patterns) }
        #expect(match.fits(.inbound(.queue("800")), of: "3cx", numbers: NumberPlan()) == fits)
        let group = ObservedCall.inbound(.other(.ringGroup, "800", .ringing))
        #expect(match.fits(group, of: "3cx", numbers: NumberPlan()) == fits)
        #expect(!match.fits(.inbound(.agent("800")), of: "3cx", numbers: NumberPlan()), "an agent is no queue")
    }

    @Test(
        "by DID, however it is written",
        arguments: [
            ("+49307654321", true), ("00493076543*", true), ("030 7654321", true), ("030*", true),
            ("49307654300-49307654399", true), ("+4940*", false), ("7654321", false),
            ("49307654400-49307654499", false),
        ])
    func did(pattern: String, fits: Bool) {
        let match = Self.match { $0.dids = Self.patterns([pattern.replacing(" ", with: "")]) }
        #expect(!match.dids.isEmpty)
        #expect(match.fits(.inbound(.agent("101")), of: "3cx", numbers: Self.germany) == fits)
        #expect(!match.fits(.outbound(.agent("101")), of: "3cx", numbers: Self.germany), "without a DID")
    }

    @Test("by trunk and by extension; any of what is named is enough")
    func trunkAndExtension() {
        let match = Self.match {
            $0.trunks = Self.patterns(["10001"])
            $0.extensions = Self.patterns(["100-101"])
        }
        #expect(match.fits(.inbound(.agent("101")), of: "3cx", numbers: NumberPlan()))
        #expect(match.fits(.outbound(.agent("100", .dialing)), of: "3cx", numbers: NumberPlan()))
        #expect(!match.fits(.inbound(.agent("102")), of: "3cx", numbers: NumberPlan()))
        var other = ObservedCall.inbound(.agent("102"))
        other.trunk = "10001"
        #expect(match.fits(other, of: "3cx", numbers: NumberPlan()))
    }

    @Test("by phone system, which is asked in addition")
    func phoneSystem() {
        let match = Self.match {
            $0.phoneSystems = ["berlin"]
            $0.queues = Self.patterns(["800"])
        }
        #expect(match.fits(.inbound(.queue("800")), of: "berlin", numbers: NumberPlan()))
        #expect(!match.fits(.inbound(.queue("800")), of: "hamburg", numbers: NumberPlan()))
        #expect(!match.fits(.inbound(.agent("101")), of: "berlin", numbers: NumberPlan()))
        let all = Self.match { $0.phoneSystems = ["berlin"] }
        #expect(all.fits(.inbound(.agent("101")), of: "berlin", numbers: NumberPlan()) && !all.isCatchAll)
    }

    @Test("the first that fits; nobody if none does; the default where there are no rules")
    func order() {
        let support = Routing.Rule(zammad: "support", match: Self.match { $0.queues = Self.patterns(["800"]) })
        let sales = Routing.Rule(zammad: "sales", match: Self.match { $0.extensions = Self.patterns(["101"]) })
        let both = ObservedCall.inbound(.queue("800"), .agent("101"))
        func zammad(_ rules: [Routing.Rule], _ call: ObservedCall) -> ZammadName? {
            Routing(rules: rules).zammad(for: call, of: "3cx", numbers: NumberPlan())
        }
        #expect(zammad([support, sales], both) == "support")
        #expect(zammad([sales, support], both) == "sales")
        #expect(zammad([support, sales], .inbound(.agent("102"))) == nil)
        #expect(zammad([support, Routing.Rule(zammad: "rest")], .inbound(.agent("102"))) == "rest")
        #expect(zammad([], .inbound(.agent("102"))) == .default)
    }

    @Test("no pattern: a star in the middle, a range whose ends differ in length or order, nothing")
    func noPatterns() {
        for text in ["8*0", "80-816", "816-800", ""] { #expect(NumberPattern(text) == nil, "\(text)") }
    }
}
