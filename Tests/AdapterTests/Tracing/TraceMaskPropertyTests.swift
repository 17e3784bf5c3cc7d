import Adapters
import FoundationEssentials
import Ports
import Testing

@testable import Played

@Suite("A trace of drawn JSON", .computing)
struct TraceMaskPropertyTests {
    private static let secrets = ["geh3im-\"König\"\\/x", "q7-endpoint-token", "αβγδ secret"]
    private static let unknownSecrets = ["Vogonenlyrik", "9876543210", "x"]
    private static let webToken = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.Vogonensignatur"
    private static let names = [
        "Zaphod Beeblebrox", "Beeblebrox, Zaphod", "Prostetnik-Jeltz (Büro)", "zaphod.beeblebrox@privat.example",
        "101 Zaphod Beeblebrox", "10001 Beeblebrox (+493023125789)", "王小明", "Öztürk's Zaphod7",
    ]
    private static let numbers = [
        "+493023125789", "493023125789", "030 23125789", "(030) 23125-789", "0049/30/23125789", "+49 (30) 231 25 789",
        "030.23125.789", "sip:493023125789@10.0.0.1",
    ]
    /// None of these may be seen, wherever it stood. Numbers keep their last three digits.
    private static let traces = [
        "geh3im", "König", "endpoint-token", "αβγδ", "Vogonen", "98765", "eyJ", "aphod", "eeblebrox", "rostetnik",
        "Jeltz",
        "privat", "王", "小", "ztürk", "23125", "231 25",
    ]

    private static let identifierKeys = ["id", "callid", "Sequence", "LastChangeStatus", "callId"]
    private static let wordKeys = ["status", "dn", "party_caller_id", "from", "to", "Number"]
    private static let textKeys = ["error", "message", "entity", "device_id"]
    private static let secretKeys = [
        "pass", "Password", "client_secret", "access_token", "LicenseKey", "Set-Cookie", "pin",
    ]
    private static let nameKeys = [
        "Caller", "party_caller_name", "FirstName", "user", "unknown", "list", "_x", "Ä ö", "tags",
    ]

    private struct Drawing {
        var random: SplitMix64

        mutating func one<Element>(_ list: [Element]) -> Element {
            list[Int.random(in: 0..<list.count, using: &random)]
        }

        mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

        mutating func scalar(_ pools: [[String]]) -> LoopbackJSON {
            switch Int.random(in: 0..<10, using: &random) {
            case 0: .null
            case 1: .bool(true)
            case 2: .integer(Int64.random(in: -99...99_999, using: &random))
            case 3: .fraction(1.5)
            default: .string(one(one(pools)))
            }
        }

        /// Any value that a key of any kind may hold without being its fault.
        mutating func value(depth: Int, _ pools: [[String]]) -> LoopbackJSON {
            if depth > 0, chance(30) { return object(depth: depth - 1) }
            if depth > 0, chance(20) {
                return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth - 1, pools) })
            }
            return scalar(pools)
        }

        mutating func object(depth: Int) -> LoopbackJSON {
            let everywhere = [secrets, [webToken], [""]]
            var members: [String: LoopbackJSON] = [:]
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                switch Int.random(in: 0..<6, using: &random) {
                case 0: members[one(identifierKeys)] = scalar(everywhere + [["3cx-1-1770109200000"]])
                case 1: members[one(wordKeys)] = value(depth: depth, everywhere + [numbers, names])
                case 2: members[one(textKeys)] = value(depth: depth, everywhere + [numbers])
                case 3: members[one(secretKeys)] = value(depth: depth, everywhere + [numbers, names, unknownSecrets])
                default: members[one(nameKeys)] = value(depth: depth, everywhere + [numbers, names])
                }
            }
            if chance(10) { members[one(secrets + numbers)] = .integer(1) }
            if chance(10) { members["attached"] = nested(depth: depth) }
            return .object(members)
        }

        /// A text that holds JSON itself.
        mutating func nested(depth: Int) -> LoopbackJSON {
            guard depth > 0, let text = try? object(depth: 0).text() else { return .null }
            return .string(text)
        }
    }

    /// The structure with the types of the values; keys may be masked and are left out.
    private static func shape(_ value: LoopbackJSON) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer, .fraction: "number"
        case .string(let text): text.isEmpty ? "empty" : "text"
        case .array(let elements): "[\(elements.map(shape).joined(separator: ","))]"
        case .object(let members): "{\(members.values.map(shape).sorted().joined(separator: ","))}"
        }
    }

    @Test("tells no secret, number or name, keeps its structure, and stays on one line", arguments: 1...8)
    func drawn(seed: UInt64) throws {
        let mask = TraceMask(secrets: Self.secrets.map(Secret.init))
        var drawing = Drawing(random: SplitMix64(seed: seed))
        for round in 0..<250 {
            let value = drawing.object(depth: 4)
            let encoder = JSONEncoder()
            encoder.outputFormatting =
                drawing.chance(50) ? [.sortedKeys, .prettyPrinted] : [.sortedKeys, .withoutEscapingSlashes]
            let bytes = try [UInt8](encoder.encode(value))
            guard bytes.count < 16_000 else { continue }
            let shown = mask.body(bytes, contentType: "application/json")
            try check(shown, "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))")
            let same = try Self.shape(LoopbackJSON(text: shown)) == Self.shape(value)
            if !same { Issue.record("seed \(seed), round \(round): \(shown)") }
            // Cut short, as by a proxy or a limit.
            let part = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &drawing.random)))
            try check(mask.frame(part), "seed \(seed), round \(round), cut: \(String(decoding: part, as: UTF8.self))")
        }
    }

    private func check(_ shown: String, _ what: String) throws {
        for trace in Self.traces where shown.contains(trace) { Issue.record("\(trace) in \(shown) of \(what)") }
        #expect(!shown.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F || $0.value == 0x2028 })
    }
}
