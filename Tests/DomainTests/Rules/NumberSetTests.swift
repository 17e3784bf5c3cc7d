import Testing

@testable import Domain

@Suite("A set of numbers")
struct NumberSetTests {
    private static func digits(_ text: String) -> ArraySlice<UInt8> { ArraySlice(text.utf8) }

    @Test(
        "holds numbers by their first digits and their length",
        arguments: [
            (":79", "1234567", true), (":79", "12345678", false), (":79", "123456789", true),
            (":9-B", "12345678901", true),
            ("(3:9,4-6(0:8))", "312345678", true), ("(3:9,4-6(0:8))", "31234567", false),
            ("(3:9,4-6(0:8))", "50123456", true), ("(3:9,4-6(0:8))", "51123456", false),
            ("(3:9,4-6(0:8))", "71123456", false), ("(3:9,4-6(0:8))", "4", false), ("(13-5(02:A):9)", "2", false),
            ("(1(2(3:4)),2:4)", "1234", true), ("(1(2(3:4)),2:4)", "1244", false), ("(1(2(3:4)),2:4)", "2244", true),
            ("", "1", false), ("(", "1", false), ("(1", "1", false), ("(1:", "1", false), (":", "", false),
            ("x", "1", false),
            ("(1:9", "112345678", true), (":9", String(repeating: "1", count: 99), false),
        ])
    func contains(_ text: String, _ number: String, _ expected: Bool) {
        #expect(NumberSet(text).contains(Self.digits(number)) == expected)
    }

    @Test("knows which beginnings it holds, and which lengths")
    func beginnings() {
        let set = NumberSet("(3:9,4-6(0:8))")
        for beginning in ["", "3", "31", "4", "40", "60123456"] {
            #expect(set.holds(beginning: Self.digits(beginning)), "\(beginning)")
        }
        for beginning in ["2", "41", "601234567", "3123456789", String(repeating: "3", count: 40)] {
            #expect(!set.holds(beginning: Self.digits(beginning)), "\(beginning)")
        }
        #expect((0...40).filter { set.holds(length: $0) } == [8, 9])
    }
}
