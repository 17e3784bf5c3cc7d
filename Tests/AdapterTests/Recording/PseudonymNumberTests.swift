import Domain
import Testing

@testable import Adapters
@testable import Played

@Suite("Pseudonyms of numbers", .computing)
struct PseudonymNumberTests {
    private static let prefixes: [String?] = [nil, "49", "1", "43", "39", "45", "351"]
    private static let formats: [NumberFormat] = [.e164, .national, .asIs]
    /// What numbers begin with, how many digits they have, and what stands in front of them in their country.
    private static let plans: [String: (beginnings: [String], length: Int, trunk: String)] = [
        "49": (["30", "89", "171"], 10, "0"), "44": (["20", "1865", "7911"], 10, "0"), "1": (["415", "212"], 10, ""),
        "43": (["664", "316"], 10, "0"), "39": (["347", "06"], 10, ""), "45": (["32", "61"], 8, ""),
        "351": (["21", "912"], 9, ""), "420": (["212", "601"], 9, ""), "36": (["30", "20"], 9, "06"),
        "7": (["495", "912"], 10, "8"),
    ]

    /// Forms in which one number is written.
    private static func forms(_ significant: String, _ code: String, at home: String?) -> [String] {
        let trunk = plans[code]?.trunk ?? ""
        var forms = [
            "+\(code)\(significant)", "00\(code)\(significant)",
            "+\(code) \(significant.prefix(2))/\(significant.dropFirst(2))",
        ]
        if trunk == "0" { forms.append("+\(code) (0)\(significant)") }
        guard code == home else { return forms }
        return forms + [
            "\(code)\(significant)", "\(trunk)\(significant)",
            "\(trunk)\(significant.prefix(2)) \(significant.dropFirst(2).prefix(3))-\(significant.dropFirst(5))",
        ]
    }

    private static func numbers(_ prefix: String?, key: UInt64 = 7) -> PseudonymNumbers {
        PseudonymNumbers(
            NumberPlan(countryPrefix: prefix), lengthsOfDNs: [3, 5],
            key: PseudonymNumberKey(first: key, second: key &* 0x9E37_79B9))
    }

    @Test("what goes to Zammad, and who may be the same party, are as with the real ones", arguments: 1...60)
    func sameMeaning(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let prefix = try #require((Self.prefixes + ["36", "7"]).randomElement(using: &random))
        var originals: [String] = []
        for _ in 0..<Int.random(in: 1...20, using: &random) {
            let code = try #require([prefix ?? "49", "44", "1", "420"].randomElement(using: &random))
            let plan = try #require(Self.plans[code])
            var significant = try #require(plan.beginnings.randomElement(using: &random))
            while significant.utf8.count < plan.length {
                significant += String(Int.random(in: 2...9, using: &random))
            }
            for form in Self.forms(significant, code, at: prefix) where Bool.random(using: &random) {
                originals.append(form)
            }
        }
        let numbers = Self.numbers(prefix, key: seed)
        let replaced = originals.map { numbers.replaced($0) }
        for (original, pseudonym) in zip(originals, replaced) {
            #expect(Self.shape(original) == Self.shape(pseudonym), "\(original) → \(pseudonym)")
            #expect(pseudonym != original)
            #expect(numbers.replaced(original) == pseudonym, "always the same")
            for format in Self.formats {
                let plan = NumberPlan(countryPrefix: prefix, format: format)
                // So few digits are taken for a DN wherever they stand.
                let reported = plan.reported(original)
                guard reported.utf8.count >= PseudonymNumbers.shortest else { continue }
                // Digits with a country code may be those of another number when no plus says so.
                let isFull = plan.full(original) == reported
                let expected =
                    isFull ? String(numbers.replaced("+\(reported)").dropFirst()) : numbers.replaced(reported)
                #expect(
                    plan.reported(pseudonym) == expected,
                    "\(original) → \(pseudonym) as \(format) in \(prefix ?? "no country")")
            }
        }
        for left in originals.indices {
            for right in originals.indices where NumberPlan.sameParty(originals[left], originals[right]) {
                #expect(
                    NumberPlan.sameParty(replaced[left], replaced[right]),
                    "\(originals[left]) \(originals[right]) → \(replaced[left]) \(replaced[right])")
            }
        }
    }

    /// Digits as one letter, so that everything else shows.
    private static func shape(_ text: String) -> String {
        String(text.map { $0.isNumber ? "9" : $0 })
    }

    @Test("no two numbers become one, in any form and of any length")
    func apart() {
        let numbers = Self.numbers("49")
        for beginning in ["+4989", "004989", "089", "4989", "89", "+49", "+999", ""] {
            let originals = (100_000..<120_000).map { "\(beginning)\($0)" }
            let replaced = originals.map { numbers.replaced($0) }
            #expect(Set(replaced).count == originals.count, "\(beginning)")
            #expect(zip(originals, replaced).allSatisfy { $0 != $1 }, "\(beginning)")
        }
    }

    @Test("another recording has other ones")
    func keyed() {
        let (one, other) = (Self.numbers("49", key: 1), Self.numbers("49", key: 2))
        let originals = (0..<100).map { "+49893\(1_000_000 + $0 * 71_993)" }
        #expect(originals.count { one.replaced($0) == other.replaced($0) } < 5)
    }

    @Test("DNs and short numbers stay, also where they are long for DNs, and no number becomes one of them")
    func kept() {
        var numbers = Self.numbers("49")
        let taken = numbers.replaced("7654321")
        numbers.keep(station: "1234567")
        numbers.keep(station: "+491721234567")
        for text in ["101", "10001", "112", "*97", "1234567", "anonymous", "", "2026"] {
            #expect(numbers.replaced(text) == text)
        }
        #expect(numbers.replaced("+491721234567") != "+491721234567")
        #expect(numbers.replaced("7654321") == taken && taken != "7654321")
        numbers.keep(station: taken)
        let other = numbers.replaced("7654321")
        #expect(![taken, "7654321"].contains(other) && other.utf8.count == 7)
    }

    @Test("each of the last seven digits becomes another one, as far as two are left behind the country code")
    func nothingSurvives() {
        for prefix in Self.prefixes {
            let numbers = Self.numbers(prefix)
            for length in 3...12 {
                let national = String("987654987654".prefix(length))
                let changing = length < 7 ? length : min(7, length - 2)
                for text in ["1", "49", "39", "420"].map({ "+\($0)\(national)" }) {
                    let pseudonym = numbers.replaced(text)
                    #expect(pseudonym.dropLast(changing) == text.dropLast(changing), "\(text) → \(pseudonym)")
                    #expect(
                        zip(pseudonym.suffix(changing), text.suffix(changing)).allSatisfy { $0 != $1 },
                        "\(text) → \(pseudonym)")
                }
                // Of others it is not certain what the country code is.
                for beginning in ["", "0", "001", "0049", "0039", "01139"] {
                    let text = beginning + national
                    guard text.utf8.count >= PseudonymNumbers.shortest else { continue }
                    let pseudonym = numbers.replaced(text)
                    #expect(Self.shape(text) == Self.shape(pseudonym), "\(text) → \(pseudonym)")
                    let end = min(4, length)
                    #expect(
                        zip(pseudonym.suffix(end), text.suffix(end)).allSatisfy { $0 != $1 },
                        "\(text) → \(pseudonym)")
                }
            }
        }
    }

    @Test(
        "short numbers have one pseudonym in all forms",
        arguments: [
            ("49", ["+4912345", "004912345", "4912345", "012345"], 5),
            ("1", ["01139546", "011 39 546"], 3),
            ("1", ["011390612345", "+39 06 12345", "0039 06 12345"], 7),
            ("1", ["+39546", "0039546"], 3),
            ("49", ["+49112", "0049112"], 3),
            ("49", ["+49 69 12345678", "069/12345678", "12345678", "4969-12345678"], 8),
        ] as [(String, [String], Int)])
    func shortForms(prefix: String, originals: [String], length: Int) {
        let numbers = Self.numbers(prefix)
        let replaced = originals.map { numbers.replaced($0).filter(\.isNumber).suffix(length) }
        #expect(Set(replaced).count == 1, "\(originals.map { numbers.replaced($0) })")
        #expect(replaced[0] != originals[0].filter(\.isNumber).suffix(length))
    }

    @Test("all forms of one number")
    func forms() {
        let numbers = Self.numbers("49")
        let originals = ["+49 (0)172 9876543", "0172/9876543", "00491729876543", "491729876543"]
        let digits = String(numbers.replaced("491729876543").suffix(7))
        #expect(
            originals.map { numbers.replaced($0) } == [
                "+49 (0)172 \(digits)", "0172/\(digits)", "0049172\(digits)", "49172\(digits)",
            ])
    }
}
