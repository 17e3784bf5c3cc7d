import Testing

@testable import Domain

@Suite("The number plan")
struct NumberPlanTests {
    @Test(
        "gives the national form as the reference bridge does, all else unchanged",
        arguments: [
            ("+49301234567", "0301234567"), ("0049301234567", "0301234567"), ("49301234567", "0301234567"),
            ("0301234567", "0301234567"), ("301234567", "301234567"), ("+41446681800", "+41446681800"),
            ("0041446681800", "0041446681800"), ("+49 (0)30 / 123-45.67", "0301234567"), ("110", "110"),
            ("*31#0301234567", "*31#0301234567"),
        ])
    func national(_ number: String, _ expected: String) {
        #expect(NumberPlan(countryPrefix: "49").reported(number) == expected)
        #expect(NumberPlan(countryPrefix: "49", format: .national).reported(number) == expected)
    }

    @Test(
        "gives digits with the country code for E.164",
        arguments: [
            // Germany
            ("49", "0301234567", "49301234567"), ("49", "+49301234567", "49301234567"),
            ("49", "0049301234567", "49301234567"), ("49", "49301234567", "49301234567"),
            ("49", "+49 (0)30 1234567", "49301234567"), ("49", "0049 (0)30 1234567", "49301234567"),
            ("49", "+41446681800", "41446681800"), ("49", "0041446681800", "41446681800"),
            // Switzerland and Austria
            ("41", "0446681800", "41446681800"), ("41", "+41446681800", "41446681800"),
            ("41", "41446681800", "41446681800"), ("43", "014000123", "4314000123"),
            // North America: no trunk 0, ten digits, 011 to dial abroad
            ("1", "4155552671", "14155552671"), ("1", "14155552671", "14155552671"),
            ("1", "+14155552671", "14155552671"), ("1", "011442079460958", "442079460958"), ("1", "911", "911"),
            // Italy: the 0 belongs to the number
            ("39", "0612345678", "390612345678"), ("39", "+390612345678", "390612345678"),
            ("39", "+39 (0)6 12345678", "390612345678"),
            // Denmark: eight digits, no trunk 0
            ("45", "32123456", "4532123456"), ("45", "4532123456", "4532123456"), ("45", "+4532123456", "4532123456"),
            // Short codes, and codes that are dialled
            ("49", "110", "110"), ("49", "112", "112"), ("49", "*21", "*21"),
            ("49", "*31#0301234567", "*31#0301234567"),
            ("41", "117", "117"),
        ])
    func e164(_ prefix: String, _ number: String, _ expected: String) {
        #expect(NumberPlan(countryPrefix: prefix, format: .e164).reported(number) == expected)
    }

    @Test("leaves numbers as they are without a country prefix, whatever the format", arguments: NumberFormat.allCases)
    func asIs(_ format: NumberFormat) {
        let plan = NumberPlan(countryPrefix: nil, format: format)
        for number in ["+49301234567", "0049301234567", "0301234567", "110", "*21"] {
            #expect(plan.reported(number) == number)
            #expect(NumberPlan(countryPrefix: "49", format: .asIs).reported(number) == number)
        }
    }

    static let oddTexts: [String] = [
        "", " ", "\0", "0301234567\0", "٠٣٠١٢٣٤٥٦٧", "０３０１２３４５６７", "anonymous", "Doe, John", "sip:anna@example.com",
        "+", "++49",
        "4+9", "1*2", "(((", ")", "7", "-", "👩‍👩‍👧‍👦", String(repeating: "1", count: 41), "\u{202E}123456", "e\u{301}",
    ]

    @Test("takes odd texts for no number", arguments: oddTexts)
    func odd(_ text: String) {
        for format in NumberFormat.allCases {
            for prefix in [nil, "49", "39", "1", ""] {
                #expect(NumberPlan(countryPrefix: prefix, format: format).reported(text) == "anonymous")
            }
        }
        #expect(NumberPlan.compact(text) == nil)
        #expect(NumberPlan.sameParty(text, text))
    }

    @Test("never makes nothing out of something: an empty number would be refused")
    func neverEmpty() {
        for format in NumberFormat.allCases {
            for prefix in [nil, "49", "39", "1", "45"] {
                let plan = NumberPlan(countryPrefix: prefix, format: format)
                for number in ["00", "000", "+49", "49", "+39", "39", "0049", "01", "011", "+00", "0 0", "**1", "##12"]
                {
                    #expect(!plan.reported(number).isEmpty, "\(number)")
                }
            }
        }
    }

    @Test("does not choke on ten megabytes")
    func huge() {
        for character in ["1", " ", "(", "ü", "(0)"] {
            let text = String(repeating: character, count: 10_000_000 / character.utf8.count)
            #expect(NumberPlan(countryPrefix: "49", format: .e164).reported(text) == "anonymous")
        }
    }

    @Test("survives any bytes", arguments: 0..<20)
    func random(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let alphabet = Array("0123456789+*# -/.()\0aä０".unicodeScalars)
        for _ in 0..<500 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                scalars.append(alphabet.randomElement(using: &random) ?? "0")
            }
            let text = String(scalars)
            for format in NumberFormat.allCases {
                let reported = NumberPlan(countryPrefix: "49", format: format).reported(text)
                #expect(reported == "anonymous" || (1...42).contains(reported.utf8.count), "\(text)")
            }
        }
    }

    @Test(
        "knows a party by its number in any writing",
        arguments: [
            ("0301234567", "+49301234567", true), ("0301234567", "0049301234567", true),
            ("0301234567", "49301234567", true), ("0301234567", "030 123-4567", true),
            ("+49 30 1234567", "030/1234567", true), ("+49 (0)30 1234567", "0301234567", true),
            ("0301234567", "0301234568", false), ("0301234567", "+493012345678", false), ("", "", true),
            ("", "0301234567", false), ("4567", "0301234567", false), ("234567", "0301234567", true),
            ("110", "110", true), ("110", "112", false), ("0110", "110", true), ("Anna", "Anna", true),
            ("Anna", "Bert", false),
        ])
    func sameParty(_ left: String, _ right: String, _ expected: Bool) {
        #expect(NumberPlan.sameParty(left, right) == expected)
        #expect(NumberPlan.sameParty(right, left) == expected)
    }
}
