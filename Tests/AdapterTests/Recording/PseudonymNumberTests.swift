import Domain
import Testing

@testable import Adapters

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
        var numbers = PseudonymNumbers(NumberPlan(countryPrefix: prefix), lengthsOfDNs: [3, 5])
        for original in originals { numbers.collect(original) }
        numbers.settle()
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

    @Test("different parties stay different")
    func apart() {
        var numbers = PseudonymNumbers(NumberPlan(countryPrefix: "49"), lengthsOfDNs: [])
        let originals = (0..<3000).map { "+4989\(700_000 + $0 * 7)" }
        for original in originals { numbers.collect(original) }
        numbers.settle()
        let replaced = originals.map { numbers.replaced($0) }
        #expect(Set(replaced).count == originals.count)
        #expect(replaced.allSatisfy { $0.hasPrefix("+49") })
        #expect(Set(replaced).isDisjoint(with: originals))
    }

    @Test("DNs and short numbers stay, also where they are long for DNs")
    func kept() {
        var numbers = PseudonymNumbers(NumberPlan(countryPrefix: "49"), lengthsOfDNs: [3, 5])
        numbers.keep(station: "1234567")
        numbers.keep(station: "+491721234567")
        for text in ["101", "10001", "112", "*97", "1234567", "anonymous", "", "2026"] {
            #expect(numbers.replaced(text) == text)
        }
        #expect(numbers.replaced("+491721234567") != "+491721234567")
        #expect(numbers.replaced("7654321") != "7654321")
    }

    @Test("no number stays as it is, however short, but for its country code and what is dialled first")
    func nothingSurvives() {
        for prefix in Self.prefixes {
            var numbers = PseudonymNumbers(NumberPlan(countryPrefix: prefix), lengthsOfDNs: [3, 5])
            var originals: [(text: String, kept: Int)] = []
            for length in 3...12 {
                let national = String("987654987654".prefix(length))
                for code in ["1", "49", "39", "420"] {
                    originals.append(("+\(code)\(national)", code.utf8.count + 1))
                    originals.append(("00\(code)\(national)", code.utf8.count + 2))
                    originals.append(("011\(code)\(national)", code.utf8.count + 3))
                }
                if length >= 6 { originals.append((national, 0)) }
                if length >= 5 { originals.append(("0\(national)", 1)) }
            }
            originals.removeAll { $0.text.first != "+" && $0.text.utf8.count < PseudonymNumbers.shortest }
            for original in originals { numbers.collect(original.text) }
            numbers.settle()
            for (text, kept) in originals {
                let pseudonym = numbers.replaced(text)
                #expect(Self.shape(text) == Self.shape(pseudonym), "\(text) → \(pseudonym)")
                #expect(pseudonym.dropFirst(kept) != text.dropFirst(kept), "\(text) → \(pseudonym)")
                let local = text.dropFirst(kept)
                #expect(local.utf8.count < 4 || !pseudonym.contains(local.suffix(4)), "\(text) → \(pseudonym)")
                #expect(local.utf8.count < 4 || !pseudonym.contains(local.prefix(4)), "\(text) → \(pseudonym)")
            }
        }
    }

    @Test(
        "short numbers have one pseudonym in all forms",
        arguments: [
            ("49", ["+4912345", "004912345", "4912345", "012345"], 5),
            ("1", ["01139546", "011 39 546"], 3),
            ("1", ["011390612345", "+39 06 12345", "0039 06 12345", "390612345"], 7),
            ("1", ["+39546", "0039546"], 3),
            ("49", ["+49112", "0049112"], 3),
        ] as [(String, [String], Int)])
    func shortForms(prefix: String, originals: [String], length: Int) {
        for given in [originals, originals.reversed()] {
            var numbers = PseudonymNumbers(NumberPlan(countryPrefix: prefix), lengthsOfDNs: [3, 5])
            for original in given { numbers.collect(original) }
            numbers.settle()
            let replaced = given.map { numbers.replaced($0).filter(\.isNumber).suffix(length) }
            #expect(Set(replaced).count == 1, "\(given.map { numbers.replaced($0) })")
            #expect(replaced[0] != given[0].filter(\.isNumber).suffix(length))
        }
    }

    @Test("all forms of one number, with the longest range for fiction")
    func forms() {
        var numbers = PseudonymNumbers(NumberPlan(countryPrefix: "49"), lengthsOfDNs: [3, 5])
        let originals = ["+49 (0)172 9876543", "0172/9876543", "00491729876543", "491729876543"]
        for original in originals { numbers.collect(original) }
        numbers.settle()
        #expect(
            originals.map { numbers.replaced($0) } == [
                "+49 (0)302 3125001", "0302/3125001", "00493023125001", "493023125001",
            ])
    }
}
