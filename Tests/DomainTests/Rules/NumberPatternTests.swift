import FoundationEssentials
import Testing

@testable import Domain

@Suite("A number pattern")
struct NumberPatternTests {
    @Test(
        "holds one number, numbers that begin alike, or a range",
        arguments: [
            ("816", "816", true), ("816", "8160", false), ("81*", "81", true), ("81*", "8100", true),
            ("81*", "18", false),
            ("*", "anything", true), ("800-816", "800", true), ("800-816", "816", true), ("800-816", "817", false),
            ("800-816", "0801", false), ("800-816", "80a", false), ("007-012", "010", true), ("007-012", "10", false),
            ("SP0", "SP0", true), ("*91*", "*912", true), ("*91", "*91", true), ("*91", "91", false),
        ])
    func matches(_ text: String, _ number: String, _ expected: Bool) throws {
        let pattern = try #require(NumberPattern(text))
        #expect(pattern.matches(number) == expected)
        #expect(pattern.description == text)
    }

    @Test(
        "is no other text",
        arguments: ["", "8*6", "816-800", "80-816", "800-", "-816", "8 16", "80-8x", "1-2-3", "٨١٦", "1\n"]
            + [
                String(repeating: "8", count: 65),
                String(repeating: "1", count: 19) + "-" + String(repeating: "2", count: 19),
            ])
    func isNone(_ text: String) {
        #expect(NumberPattern(text) == nil)
    }

    @Test(
        "holds outside numbers in whatever form they are written",
        arguments: [
            ("030 23125-001", "+493023125001", true), ("+49 30 23125001", "03023125001", true),
            ("0171*", "0049171555", true), ("0049 171*", "0171555", true), ("0171*", "+43171", false),
            ("3023125001", "03023125001", false), ("112", "112", true), ("+4930*", "4930231", true),
        ])
    func outside(_ text: String, _ number: String, _ expected: Bool) throws {
        let plan = NumberPlan(countryPrefix: "49", format: .national)
        let pattern = try #require(NumberPattern(outside: text, plan))
        #expect(pattern.matches(try #require(plan.comparable(number))) == expected)
    }

    @Test(
        "holds the beginnings of numbers as each country writes them",
        arguments: [
            ("39", "347*", "+393471234567"), ("39", "0039 06*", "0612345678"), ("36", "06 30*", "+36301234567"),
            ("7", "8495*", "4951234567"), ("65", "001 49*", "+4930231250"), ("352", "621*", "352621123456"),
            ("1", "415*", "+14155552671"), ("1", "1415*", "4155552671"),
        ])
    func beginning(_ prefix: String, _ text: String, _ number: String) throws {
        let plan = NumberPlan(countryPrefix: prefix, format: .e164)
        let pattern = try #require(NumberPattern(outside: text, plan))
        #expect(pattern.matches(try #require(plan.comparable(number))))
    }

    @Test("does not hold half the world", arguments: ["*", "0*", "00*", "+4*", "49*", "anonymous", "", "1a23*", "00"])
    func tooShort(_ text: String) {
        #expect(NumberPattern(outside: text, NumberPlan(countryPrefix: "49")) == nil)
    }

    @Test("is the same after it was kept")
    func kept() throws {
        let plan = NumberPlan(countryPrefix: "49")
        let patterns = [
            NumberPattern("816"), NumberPattern("81*"), NumberPattern("800-816"), NumberPattern(outside: "0171*", plan),
            NumberPattern(outside: "030 23125-001", plan),
        ]
        let coded = try JSONEncoder().encode(patterns)
        #expect(try JSONDecoder().decode([NumberPattern?].self, from: coded) == patterns)
    }
}
