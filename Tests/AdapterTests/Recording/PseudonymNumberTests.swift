import Domain
import Testing

@testable import Adapters

@Suite("Pseudonyms of numbers", .computing)
struct PseudonymNumberTests {
    private static let prefixes: [String?] = [nil, "49", "1", "43", "39", "45", "351"]
    private static let formats: [NumberFormat] = [.e164, .national, .asIs]

    /// Forms in which one number is written.
    private static func forms(_ national: String, _ prefix: String) -> [String] {
        [
            "+\(prefix)\(national)", "00\(prefix)\(national)", "0\(national)", "\(prefix)\(national)", national,
            "+\(prefix) (0)\(national)",
            "0\(national.prefix(2)) \(national.dropFirst(2).prefix(3))-\(national.dropFirst(5))",
        ]
    }

    @Test("what goes to Zammad, and who may be the same party, are as with the real ones", arguments: 1...60)
    func sameMeaning(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let prefix = try #require(Self.prefixes.randomElement(using: &random))
        var originals: [String] = []
        for _ in 0..<Int.random(in: 1...20, using: &random) {
            let length = Int.random(in: 6...11, using: &random)
            let national =
                String(Int.random(in: 1...9, using: &random))
                + (1..<length).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
            let code = try #require([prefix ?? "49", "44", "1", "420"].randomElement(using: &random))
            for form in Self.forms(national, code) where Bool.random(using: &random) { originals.append(form) }
        }
        var numbers = PseudonymNumbers(countryPrefix: prefix, lengthsOfDNs: [3, 5])
        for original in originals { numbers.collect(original) }
        numbers.settle()
        let replaced = originals.map { numbers.replaced($0) }
        for (original, pseudonym) in zip(originals, replaced) {
            #expect(Self.shape(original) == Self.shape(pseudonym), "\(original) → \(pseudonym)")
            #expect(pseudonym != original)
            #expect(numbers.replaced(original) == pseudonym, "always the same")
            for format in Self.formats {
                let plan = NumberPlan(countryPrefix: prefix, format: format)
                #expect(
                    plan.reported(pseudonym) == numbers.replaced(plan.reported(original)),
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
        var numbers = PseudonymNumbers(countryPrefix: "49", lengthsOfDNs: [])
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
        var numbers = PseudonymNumbers(countryPrefix: "49", lengthsOfDNs: [3, 5])
        numbers.keep(station: "1234567")
        numbers.keep(station: "+491721234567")
        for text in ["101", "10001", "112", "*97", "1234567", "anonymous", "", "2026"] {
            #expect(numbers.replaced(text) == text)
        }
        #expect(numbers.replaced("+491721234567") != "+491721234567")
        #expect(numbers.replaced("7654321") != "7654321")
    }

    @Test("all forms of one number, with the longest range for fiction")
    func forms() {
        var numbers = PseudonymNumbers(countryPrefix: "49", lengthsOfDNs: [3, 5])
        let originals = ["+49 (0)172 9876543", "0172/9876543", "00491729876543", "491729876543"]
        for original in originals { numbers.collect(original) }
        numbers.settle()
        #expect(
            originals.map { numbers.replaced($0) } == [
                "+49 (0)302 3125001", "0302/3125001", "00493023125001", "493023125001",
            ])
    }
}
