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
            ("41", "117", "117"), ("49", "11833", "11833"), ("49", "0110", "0110"), ("33", "0112", "0112"),
            // Trunk prefixes that are no 0, and international ones that are no 00
            ("36", "06301234567", "36301234567"), ("36", "0611234567", "3611234567"),
            ("7", "84951234567", "74951234567"), ("7", "4951234567", "74951234567"),
            ("7", "81049302312500", "49302312500"), ("375", "80294911911", "375294911911"),
            ("61", "0011493023125001", "493023125001"), ("65", "0014930231250", "4930231250"),
            ("81", "010493023125001", "493023125001"), ("1", "00442079460958", "442079460958"),
            // Numbers that no prefix stands in front of
            ("39", "3471234567", "393471234567"), ("39", "3921234567", "393921234567"),
            ("225", "0701020304", "2250701020304"),
            ("352", "26123456", "35226123456"), ("352", "35226123456", "35226123456"),
            ("52", "5512345678", "525512345678"),
            ("65", "61234567", "6561234567"), ("357", "22345678", "35722345678"), ("250", "250123456", "250250123456"),
            ("41", "446681800", "41446681800"), ("61", "412345678", "61412345678"),
            ("44", "2079460958", "442079460958"),
            // The prefix of the country behind its code, as people write it
            ("49", "+49030123456", "4930123456"), ("36", "+36 06 30 1234567", "36301234567"),
            ("49", "49(0)3023125001", "493023125001"), ("1", "011 44 (0)20 79460958", "442079460958"),
            // An outside line that nobody has told of
            ("49", "003023125001", "493023125001"), ("49", "00041446681800", "41446681800"),
            // What cannot be told stays: perhaps a number of the same town, perhaps one cut short, perhaps of two
            // countries
            ("49", "3023125001", "3023125001"), ("49", "23125001", "23125001"), ("43", "1234567", "1234567"),
            ("41", "044668", "044668"), ("1", "4930231250", "4930231250"), ("57", "0093234567890", "0093234567890"),
            ("49", "0049112", "0049112"), ("49", "+999123456", "999123456"),
            // A new number range abroad is known by its length
            ("49", "0041721234567", "41721234567"),
            // A calling code that nobody has
            ("999", "0301234567", "999301234567"), ("999", "+999301234567", "999301234567"),
        ])
    func e164(_ prefix: String, _ number: String, _ expected: String) {
        #expect(NumberPlan(countryPrefix: prefix, format: .e164).reported(number) == expected)
    }

    @Test(
        "gives the national form as each country writes it",
        arguments: [
            ("39", "+390612345678", "0612345678"), ("39", "3921234567", "3921234567"),
            ("36", "+36301234567", "06301234567"),
            ("7", "+74951234567", "84951234567"), ("1", "14155552671", "4155552671"), ("45", "+4532123456", "32123456"),
            ("86", "+8613123456789", "13123456789"), ("86", "861012345678", "01012345678"),
            ("41", "446681800", "0446681800"),
            ("36", "+493023125001", "+493023125001"), ("7", "81049302312500", "81049302312500"),
        ])
    func nationalAbroad(_ prefix: String, _ number: String, _ expected: String) {
        #expect(NumberPlan(countryPrefix: prefix, format: .national).reported(number) == expected)
    }

    @Test(
        "takes off the digits for an outside line first, if what is left is a number",
        arguments: [
            ("49", "0", "003023125001", "493023125001"), ("49", "0", "000493023125001", "493023125001"),
            ("49", "0", "03023125001", "493023125001"), ("49", "0", "+493023125001", "493023125001"),
            ("49", "0", "0112", "112"), ("49", "0", "112", "112"), ("49", "0", "01", "01"),
            ("1", "9", "94155552671", "14155552671"), ("1", "9", "914155552671", "14155552671"),
            ("1", "9", "9011493023125001", "493023125001"), ("1", "9", "911", "911"), ("1", "9", "9911", "911"),
            ("44", "9", "902079460958", "442079460958"), ("44", "9", "999", "999"),
            ("44", "9", "02079460958", "442079460958"),
            ("39", "0", "00612345678", "390612345678"), ("39", "0", "0612345678", "390612345678"),
            // Shown without the digits although it begins like them
            ("49", "0", "004915123456789", "4915123456789"), ("49", "0", "00442079460000", "442079460000"),
            ("49", "0", "0012125550123", "12125550123"), ("49", "0", "0033123456789", "33123456789"),
            ("49", "0", "0041443643532", "41443643532"), ("49", "0", "00041443643532", "41443643532"),
            ("1", "8", "8002747648", "18002747648"), ("39", "8", "800123456", "39800123456"),
            ("48", "8", "801797466", "48801797466"),
            // A number of Emden, or one of Düsseldorf behind the 0
            ("49", "0", "0492112345", "0492112345"),
        ])
    func outsideLine(_ prefix: String, _ line: String, _ number: String, _ expected: String) {
        let plan = NumberPlan(countryPrefix: prefix, format: .e164, outsideLinePrefix: line)
        #expect(plan.reported(number) == expected)
        #expect(plan.comparable(number) == expected)
    }

    @Test("leaves a number abroad as it is shown, without the digits for an outside line only where they are there")
    func outsideLineNational() {
        let plan = NumberPlan(countryPrefix: "49", format: .national, outsideLinePrefix: "0")
        for (number, expected) in [
            ("0041443643532", "0041443643532"), ("00041443643532", "0041443643532"),
            ("004915123456789", "015123456789"), ("003023125001", "03023125001"),
        ] {
            #expect(plan.reported(number) == expected)
        }
    }

    @Test("knows a party with and without the digits for an outside line")
    func samePartyBehindLine() {
        let plan = NumberPlan(countryPrefix: "44", outsideLinePrefix: "9")
        #expect(plan.sameParty("902079460123", "+442079460123"))
        #expect(plan.sameParty("+442079460123", "902079460123"))
        #expect(!plan.sameParty("902079460123", "+442079460124"))
        #expect(plan.sameParty("Anna", "Anna") && !plan.sameParty("Anna", "Bert"))
        #expect(!NumberPlan(countryPrefix: "44").sameParty("902079460123", "+442079460123"))
    }

    @Test(
        "takes off a dial code that no sign ends where its length is certain",
        arguments: [
            ("49", "*3103023125044", "03023125044"), ("49", "*31004930123456", "004930123456"),
            ("1", "*6712125550123", "12125550123"), ("1", "*822125550123", "2125550123"),
            ("49", "*03023125099", "*03023125099"), ("49", "*4930123456789", "4930123456789"),
            ("49", "*49301234567", "49301234567"), ("49", "*31#03023125044", "*31#03023125044"),
            ("49", "03023125044", "03023125044"), ("49", "*", "*"), ("49", "", ""),
        ])
    func dialCode(_ prefix: String, _ dialled: String, _ number: String) {
        #expect(NumberPlan(countryPrefix: prefix).withoutDialCode(dialled) == number)
        #expect(NumberPlan().withoutDialCode(dialled) == dialled)
    }

    @Test("leaves a number of every country that has its code already as it is")
    func everyPlan() {
        let codes = NumberingPlan.table.split(separator: "\n").compactMap {
            $0.split(separator: " ").first.map(String.init)
        }
        #expect(codes.count > 200)
        for code in codes {
            let plan = NumberPlan(countryPrefix: code, format: .e164)
            for start in ["0", "00", "8", "+", ""] {
                for number in ["1", "23456789", "301234567890"] {
                    let once = plan.reported(start + number)
                    guard NumberingPlan.number(withCode: ArraySlice(once.utf8)) == Array(once.utf8),
                        once.hasPrefix(code)
                    else { continue }
                    #expect(plan.reported(once) == once, "\(code) \(start)\(number)")
                }
            }
        }
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
            ("84951234567", "+74951234567", true), ("84951234567", "+74951234568", false), ("8110", "110", false),
            ("80294911911", "+375294911911", true), ("06301234567", "+36301234567", true),
            ("8112", "9112", false),
        ])
    func sameParty(_ left: String, _ right: String, _ expected: Bool) {
        #expect(NumberPlan.sameParty(left, right) == expected)
        #expect(NumberPlan.sameParty(right, left) == expected)
    }
}
