import Domain
import Testing

@testable import Adapters

@Suite("The text by which 3CX shows a party")
struct TextPartyTests {
    @Test(
        "is taken apart into leading number, last number in parentheses and name",
        arguments: [
            ("101 John Doe", PartyText(lead: "101", group: nil, rest: "John Doe", name: "John Doe")),
            ("10001 SIP-Trunk (0123456)", PartyText("10001", "0123456", "SIP-Trunk (0123456)", "SIP-Trunk")),
            ("10002 Trunk (Berlin) (+4930)", PartyText("10002", "+4930", "Trunk (Berlin) (+4930)", "Trunk (Berlin)")),
            (
                "10001 Service A - 11 (*91234)",
                PartyText("10001", "*91234", "Service A - 11 (*91234)", "Service A - 11")
            ),
            ("Nick Sample (001231234)", PartyText(nil, "001231234", "Nick Sample (001231234)", "Nick Sample")),
            ("112 113 (100)", PartyText("112", "100", "113 (100)", "113")),
            ("(100)", PartyText(nil, "100", "(100)", "")),
            ("+4912341234", PartyText("+4912341234", nil, "", "")),
            ("10001", PartyText("10001", nil, "", "")),
            ("", PartyText(nil, nil, "", "")),
            ("   \t\u{0}", PartyText(nil, nil, "", "")),
            ("101 John (broken", PartyText("101", nil, "John (broken", "John (broken")),
            ("101 John broken)", PartyText("101", nil, "John broken)", "John broken)")),
            ("101 ()", PartyText("101", nil, "()", "()")),
            (")(", PartyText(nil, nil, ")(", ")(")),
            ("(", PartyText(nil, nil, "(", "(")),
            (")", PartyText(nil, nil, ")", ")")),
            ("10001 Trunk (anonymous)", PartyText("10001", nil, "Trunk (anonymous)", "Trunk (anonymous)")),
            (
                "101 Jürgen Müßig 💬 (030 / 12-34)",
                PartyText("101", "0301234", "Jürgen Müßig 💬 (030 / 12-34)", "Jürgen Müßig 💬")
            ),
            ("101 e\u{301}a (12)", PartyText("101", "12", "e\u{301}a (12)", "e\u{301}a")),
            ("101 ((12))", PartyText("101", "12", "((12))", "(")),
            ("101 x (1)", PartyText("101", nil, "x (1)", "x (1)")),
            ("1st Floor (030123456)", PartyText(nil, "030123456", "1st Floor (030123456)", "1st Floor")),
        ]
    )
    func taken(_ text: String, apart expected: PartyText) {
        #expect(PartyText(text) == expected)
    }

    @Test(
        "where the lists can be read they decide",
        arguments: [
            ("101 John Doe", .agent("101", "John Doe")),
            ("101 John Doe (Support)", .agent("101", "John Doe (Support)")),
            ("102 Doe, John", .agent("102", "Doe, John")),
            ("80 Support", .internal(dn: "80", name: "Support", .queue)),
            ("800 Front desk", .internal(dn: "800", name: "Front desk", .ringGroup)),
            ("10001 SIP-Trunk Muster (+493023125001)", .outside("+493023125001", trunk: "10001")),
            ("10001 SIP-Trunk Muster (anonymous)", .outside(nil, trunk: "10001")),
            ("10001 SIP-Trunk Muster", .outside(nil, trunk: "10001")),
            ("10001", .outside(nil, trunk: "10001")),
            ("10001 Service A - 11 (*91234)", .outside("*91234", trunk: "10001")),
            ("10002 Trunk (Berlin) (+493023125002)", .outside("+493023125002", trunk: "10002")),
            ("+493023125003", .outside("+493023125003")),
            ("Nick Sample (001231234)", .outside("001231234", name: "Nick Sample")),
            ("  Nick\n \u{7}Sample  (001231234)", .outside("001231234", name: "Nick Sample")),
            ("Doe, John (03012345678)", .outside("03012345678", name: "Doe, John")),
            ("112 113 (101)", .agent("101", "112 113")),
            ("102 113 (101)", .agent("101", "102 113")),
            ("101 Dalmatiner e.V. (+493023125001)", .outside("+493023125001", name: "101 Dalmatiner e.V.")),
            ("80 Jahre Muster (03023125001)", .outside("03023125001", name: "80 Jahre Muster")),
            ("10007 Bridge Hamburg", .outside(nil, trunk: "10007")),
            ("sip:+493023125001@sip.example.net", .outside("+493023125001")),
            ("10001 Trunk (sip:03023125001@sip.example.net;user=phone)", .outside("03023125001", trunk: "10001")),
            ("Max (tel:+49-30-23125001;ext=7)", .outside("+493023125001", name: "Max")),
            ("sip:101@pbx.example.net", .agent("101", nil)),
            ("John (101)", .agent("101", "John")),
            ("(101)", .agent("101", nil)),
            ("Queue (80)", .internal(dn: "80", name: "Queue", .queue)),
            ("Muster (10001)", .outside(nil, trunk: "10001", name: "Muster")),
            ("999 Voice Mail", .internal(dn: "999", name: "Voice Mail", .voicemail)),
            ("VoiceMail 101", .internal(dn: "101", name: "VoiceMail 101", .voicemail)),
            ("Voicemail", .internal(dn: "voicemail", name: "Voicemail", .voicemail)),
            ("101 Voicemail Admin", .agent("101", "Voicemail Admin")),
            ("Voicemail (101)", .internal(dn: "101", name: "Voicemail", .voicemail)),
            ("101 Voice-Mail", .internal(dn: "101", name: "Voice-Mail", .voicemail)),
            ("anonymous", .outside(nil)),
            ("Anonymous", .outside(nil)),
            ("Private", .outside(nil)),
            ("", .unknown),
            ("(", .unknown),
            ("Jane", .named("Jane")),
            ("Max Muster", .named("Max Muster")),
            ("Doe, John", .unknown),
            ("Anonymous (anonymous)", .outside(nil)),
            ("(anonymous)", .outside(nil)),
            ("anonymous@anonymous.invalid", .outside(nil)),
            ("sip:anonymous@anonymous.invalid", .outside(nil)),
            ("\"Anonymous\" <sip:anonymous@anonymous.invalid>", .outside(nil)),
            ("10001 Trunk (anonymous@anonymous.invalid)", .outside(nil, trunk: "10001")),
            ("Private Number", .outside(nil)),
            ("Unavailable", .outside(nil)),
            ("\"Max\" <sip:+493023125001@sip.example.net>", .outside("+493023125001", name: "Max")),
            ("Muster (03023125001 ext. 12)", .outside("03023125001", name: "Muster")),
            ("Muster (03023125001x12)", .outside("03023125001", name: "Muster")),
            ("+49 30 23125001", .outside("+493023125001")),
            ("+49 (0)30 23125001", .outside("+493023125001")),
            ("030 23125001", .outside("03023125001")),
            ("(030) 23125001", .outside("03023125001")),
            ("03023125001 ext. 12", .outside("03023125001")),
            ("101 4711 123", .agent("101", "4711 123")),
        ] as [(String, TextParty)]
    )
    func listed(_ text: String, _ expected: TextParty) {
        #expect(TextParty(text, dialPlan: PhoneSystemExamples.listed) == expected)
    }

    @Test(
        "where they cannot, the number of digits decides",
        arguments: [
            ("101 John Doe", .agent("101", "John Doe")),
            ("109 New Colleague", .agent("109", "New Colleague")),
            ("10001 SIP-Trunk Muster (+493023125001)", .outside("+493023125001", trunk: "10001")),
            ("10009 Other (anonymous)", .outside(nil, trunk: "10009")),
            ("10009 Other", .outside(nil, trunk: "10009")),
            ("10001 SIP (110)", .outside("110", trunk: "10001")),
            ("80 Support", .internal(dn: "80", name: "Support", .other)),
            ("(100)", .agent("100", nil)),
            ("999 Voice Mail", .internal(dn: "999", name: "Voice Mail", .voicemail)),
            ("+493023125003", .outside("+493023125003")),
            ("1000001 Long", .outside("1000001", name: "Long")),
        ] as [(String, TextParty)]
    )
    func byDigits(_ text: String, _ expected: TextParty) {
        #expect(TextParty(text, dialPlan: PhoneSystemExamples.digits) == expected)
    }

    @Test(
        "where nothing is known, a number in parentheses makes a trunk and anything else an extension",
        arguments: [
            ("101 John Doe", .agent("101", "John Doe")),
            ("80 Support", .agent("80", "Support")),
            ("10001 SIP-Trunk Muster (+493023125001)", .outside("+493023125001", trunk: "10001")),
            ("10001 SIP-Trunk Muster (anonymous)", .outside(nil, trunk: "10001")),
            ("(100)", .agent("100", nil)),
            ("Nick Sample (001231234)", .outside("001231234", name: "Nick Sample")),
            ("999 Voice Mail", .internal(dn: "999", name: "Voice Mail", .voicemail)),
            ("", .unknown),
        ] as [(String, TextParty)]
    )
    func blank(_ text: String, _ expected: TextParty) {
        #expect(TextParty(text, dialPlan: PhoneSystemExamples.blank) == expected)
    }

    @Test("a DN that is listed under a name with a number in parentheses is itself")
    func listedNameWithNumber() {
        var plan = PhoneSystemExamples.listed
        for (name, text) in [
            ("John Doe (+493023125011)", "John Doe (+493023125011)"), ("John Doe (102)", "Doe, John (102)"),
        ] {
            plan.entries["101"]?.name = name
            #expect(TextParty("101 \(text)", dialPlan: plan) == .agent("101", text))
        }
    }

    @Test("a wrong trunk_digits does no harm once the list of trunks is read")
    func wrongTrunkDigits() {
        var plan = PhoneSystemExamples.listed
        plan.trunkDigits = 3
        #expect(TextParty("109 New Colleague", dialPlan: plan) == .agent("109", "New Colleague"))
        plan.knowsTrunks = false
        #expect(TextParty("109 New Colleague", dialPlan: plan) == .outside(nil, trunk: "109"))
    }

    @Test("an anonymous caller is outside although neither lists nor digits know the trunk")
    func anonymousOnUnknownTrunk() {
        let plan = DialPlan(extensionDigits: 3)
        #expect(TextParty("10001 SIP-Trunk (anonymous)", dialPlan: plan) == .outside(nil, trunk: "10001"))
        #expect(TextParty("101 Doe (anonymous)", dialPlan: plan) == .agent("101", "Doe (anonymous)"))
    }

    @Test(
        "a joined list is split where an extension follows the comma",
        arguments: [
            ("101 John Doe, 102 Jane Roe", [.agent("101", "John Doe"), .agent("102", "Jane Roe")]),
            ("101 Doe, John, 102 Roe, Jane", [.agent("101", "Doe, John"), .agent("102", "Roe, Jane")]),
            ("101 Doe, 4711 John", [.agent("101", "Doe, 4711 John")]),
            ("80 Support", [.internal(dn: "80", name: "Support", .queue)]),
            ("", [.unknown]),
            (",", [.unknown]),
        ] as [(String, [TextParty])]
    )
    func lists(_ text: String, _ expected: [TextParty]) {
        #expect(TextParty.list(text, dialPlan: PhoneSystemExamples.listed) == expected)
    }

    @Test("a list of thousands is judged in a moment, and only its first 201 parties")
    func hugeList() {
        let text = String(repeating: "101 John, ", count: 100_000)
        #expect(TextParty.list(text, dialPlan: PhoneSystemExamples.listed).count == 201)
    }
}

extension PartyText {
    fileprivate init(_ lead: String?, _ group: String?, _ rest: String, _ name: String) {
        self.init(lead: lead, group: group, rest: rest, name: name)
    }

    fileprivate init(lead: String?, group: String?, rest: String, name: String) {
        self.init("")
        self.lead = lead
        self.group = group
        self.rest = rest
        self.name = name
    }
}

extension TextParty {
    fileprivate static func agent(_ dn: String, _ name: String?) -> TextParty {
        .internal(dn: dn, name: name, .agent)
    }

    fileprivate static func outside(_ number: String?, trunk: String? = nil, name: String? = nil) -> TextParty {
        .external(trunk: trunk, ExternalParty(number: number, name: name))
    }
}
