import Foundation
import Ports
import Testing

@testable import Adapters
@testable import Played

@Suite("Configuration: damaged files", .computing)
struct ConfigurationMutationTests {

    /// Pieces that YAML gives a meaning.
    private static let pieces = [
        ":", ": ", "- ", "\n", "\n  ", "\t", "\"", "'", "[", "]", "{", "}", "&a ", "*a", "!!int ", "!x ", "? ", "|\n",
        ">\n",
        "<<: *a", "#", "%", "@", "`", "---\n", "...\n", "~", "null", "1e400", "\u{0}", "\u{FEFF}", "\u{2028}", "\\",
        ",",
    ].map { Array($0.utf8) }

    private static func mutate(_ bytes: inout [UInt8], using generator: inout SplitMix64) {
        let place = Int.random(in: 0..<max(bytes.count, 1), using: &generator)
        let length = min(Int.random(in: 0...12, using: &generator), bytes.count - min(place, bytes.count))
        switch Int.random(in: 0..<6, using: &generator) {
        case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.removeSubrange(place..<(place + length))
        case 2: bytes.insert(contentsOf: bytes[place..<(place + length)], at: place)
        case 3 where place < bytes.count: bytes.removeSubrange(place...)
        default:
            bytes.insert(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &generator)], at: place)
        }
    }

    /// Comments are left out: damage to them says nothing.
    private static func example() throws -> [UInt8] {
        let url = ConfigurationSamples.repository.appending(path: "config.example.yaml")
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
        let kept = lines.filter { !$0.drop(while: { $0 == " " }).hasPrefix("#") }
        return Array(kept.joined(separator: "\n").utf8)
    }

    @Test("10,000 damaged examples load or are refused with a place and advice", arguments: 0..<4)
    func mutations(part: Int) async throws {
        let example = try Self.example()
        var generator = SplitMix64(seed: UInt64(part))
        var (loaded, refused) = (0, 0)
        for _ in 0..<2500 {
            await Task.yield()
            var bytes = example
            for _ in 0..<Int.random(in: 1...4, using: &generator) { Self.mutate(&bytes, using: &generator) }
            do {
                let effective = try ConfigurationSamples.load(bytes)
                loaded += 1
                if loaded % 50 == 0 { #expect(effective.render().hasPrefix("Bridge:\n")) }
            } catch {
                refused += 1
                let isComplete = error.problems.allSatisfy { problem in
                    guard case .position(_, let line, let column) = problem.location else { return false }
                    return line > 0 && column > 0 && !problem.message.isEmpty && !problem.remedy.isEmpty
                }
                if !isComplete || error.problems.isEmpty || error.description.contains("\0") {
                    Issue.record("\(String(decoding: bytes, as: UTF8.self)): \(error)")
                }
            }
        }
        #expect(loaded > 100 && refused > 1000)
    }
}
