import Foundation
import Testing

@testable import Adapters
@testable import Played

@Suite("Fixtures: damaged files", .computing)
struct FixtureMutationTests {

    /// Pieces that break a file in places that matter.
    private static let pieces = [
        "null", "[", "]", "{", "}", "\"", ",", ":", "1e400", "(", ")", "*", "\\u0000", "\\ud83d", "🦊", "\u{202E}",
        "\u{0}",
        "\"status\": 500, ", "\"fault\": \"reset\", ", "\"Id\": 322, ",
    ].map { Array($0.utf8) }

    /// Values that leave the file JSON, so that the damage reaches the decoders and the core.
    private static let values = [
        "null", "0", "-1", "1e9", "99999999999999999999", "\"\"", "[]", "{}", "true", "500", "322", "1264",
        "\"Talking\"", "\"Connected\"", "\"Ringing\"", "\"101\"", "\"80\"", "\"102 (\"", "\"10001 X (+493023125001)\"",
        "\"ROUTER\"", "\"Wqueue\"", "\"Wexternalline\"", "\"reset\"", "\"\\u0000 🦊 \\u202e\"",
    ].map { Array($0.utf8) }

    /// Puts another in place of a number, a text, a truth value or null.
    private static func replaceValue(in bytes: inout [UInt8], using generator: inout SplitMix64) {
        var index = Int.random(in: 0..<bytes.count, using: &generator)
        while index + 3 < bytes.count {
            let isKey = bytes[index...].starts(with: Array("\": ".utf8))
            let first = bytes[index + 3]
            guard isKey, first != UInt8(ascii: "{"), first != UInt8(ascii: "["), first > 0x20 else {
                index += 1
                continue
            }
            let rest = bytes[(index + 4)...]
            let end =
                first == UInt8(ascii: "\"")
                ? rest.firstIndex(of: first).map { $0 + 1 }
                : rest.firstIndex { !($0 == UInt8(ascii: ".") || $0 > 0x2F && $0 < 0x7B) }
            guard let end else { return }
            bytes.replaceSubrange((index + 3)..<end, with: values[Int.random(in: 0..<values.count, using: &generator)])
            return
        }
    }

    private static func mutate(_ bytes: inout [UInt8], using generator: inout SplitMix64) {
        let place = Int.random(in: 0..<max(bytes.count, 1), using: &generator)
        let length = min(Int.random(in: 0...12, using: &generator), bytes.count - min(place, bytes.count))
        switch Int.random(in: 0..<12, using: &generator) {
        case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.removeSubrange(place..<(place + length))
        case 2: bytes.insert(contentsOf: bytes[place..<(place + length)], at: place)
        case 3 where place < bytes.count: bytes.removeSubrange(place...)
        case 4: bytes.insert(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &generator)], at: place)
        default: if !bytes.isEmpty { replaceValue(in: &bytes, using: &generator) }
        }
    }

    @Test("never end the process: each is refused with a reason, or replayed with the books closed", arguments: 0..<20)
    func survive(part: Int) async throws {
        let names = FixtureFolder.names
        try #require(!names.isEmpty)
        var generator = SplitMix64(seed: UInt64(part) &+ 20_260_203)
        var replayed = 0
        for round in 0..<100 {
            await Task.yield()
            var bytes = Array(try FixtureFolder.text(of: names[(part * 100 + round) % names.count]).utf8)
            for _ in 0..<Int.random(in: 1...3, using: &generator) { Self.mutate(&bytes, using: &generator) }
            let fixture: Fixture
            do {
                fixture = try FixtureFolder.withFile(bytes) { try FixtureFile(path: $0).fixture }
            } catch let failure as FixtureFile.Failure {
                #expect(failure.description.contains(" at ") && failure.description.contains("; "))
                continue
            }
            do {
                let result = try await FixtureFolder.replay(fixture)
                #expect(result.undelivered >= 0)
                #expect(zip(result.moments, result.moments.dropFirst()).allSatisfy { $0.at <= $1.at })
                replayed += 1
            } catch let failure as FixtureReplay.Failure {
                #expect(!failure.description.isEmpty)
            }
        }
        #expect(replayed >= 20, "too few of the damaged files were still fixtures")
    }
}
