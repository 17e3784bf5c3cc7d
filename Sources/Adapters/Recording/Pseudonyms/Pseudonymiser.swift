import Domain
import FoundationEssentials
import Ports
import Wire

/// Takes everything out of a recorded session that tells who and where: numbers, names, addresses, hosts, devices,
/// secrets. The same thing gets the same pseudonym everywhere, so that the bridge decides as it did.
///
/// What stays: extensions, queues and trunk numbers, ids, times, states, and the words of 3CX's interfaces. A text
/// under a key that nobody has looked at is replaced.
struct Pseudonymiser: Sendable {
    var numbers: PseudonymNumbers
    var names = PseudonymNames()
    var directory = PseudonymDirectory()
    /// Texts that stand for themselves: names of logins and hosts.
    let literals: [String: String]
    private let secrets: [String]
    let origin: HTTPOrigin?
    private let plan: NumberPlan
    /// What the configuration says to ignore, and the pseudonyms of the numbers that are.
    private let ignoredPatterns: [NumberPattern]
    private var ignored: Set<String> = []

    static let host = "https://pbx.example.net"

    init(_ configuration: BridgeConfiguration, key: PseudonymNumberKey) {
        let system = configuration.phoneSystem
        let plan = NumberPlan(system)
        self.plan = plan
        numbers = PseudonymNumbers(plan, lengthsOfDNs: [system.extensionDigits, system.trunkDigits], key: key)
        ignoredPatterns = system.ignoredNumbers.compactMap { NumberPattern(outside: $0, plan) }
        origin = HTTPOrigin(system.host)
        var literals: [String: String] = [:]
        func add(_ text: String?, _ pseudonym: String) {
            guard let text = text?.lowercased(), text.contains(where: \.isLetter) else { return }
            literals[text] = pseudonym
        }
        add(system.clientID, "apiclient")
        add(system.user, "user")
        add(origin?.host, "pbx.example.net")
        self.literals = literals
        secrets =
            [system.password, system.clientSecret, configuration.zammad.apiToken].compactMap { $0?.reveal() }
            + ZammadEndpoint(configuration.zammad.endpoint).secretParts
        for queue in system.queueExtensions {
            numbers.keep(station: queue)
            directory.add(queue, .queue)
        }
    }

    /// Gets to know a session, before any of it is replaced.
    mutating func learn(_ answers: [(key: String, answer: RecordedAnswer)], frames: [[UInt8]]) {
        let bodies = answers.map { (path: Self.path(of: $0.key), value: Self.value($0.answer.body)) }
        for (path, value) in bodies {
            if let value { directory.learn(value, listedBy: path) }
        }
        let messages = frames.compactMap(Self.value)
        for message in messages { directory.learn(message, listedBy: "") }
        for station in directory.stations { numbers.keep(station: station) }
        // Those with both names first: from them it is known how else the name may be written.
        let people = directory.people.filter { !$0.variants.isEmpty } + directory.people.filter(\.variants.isEmpty)
        for person in people {
            let pseudonym = names.replaced(person.name, as: person.label, number: person.number)
            for variant in person.variants { names.learn(variant, for: pseudonym) }
        }
        // The configuration, which is written first, names the numbers that are ignored.
        guard !ignoredPatterns.isEmpty else { return }
        for (path, value) in bodies {
            if let value { _ = replaced(value, key: path, row: PseudonymRow()) }
        }
        for message in messages { _ = replaced(message, key: "", row: PseudonymRow()) }
    }

    // MARK: - Whole things

    /// A body that is no JSON is replaced by a short one of its kind.
    mutating func body(_ answer: RecordedAnswer, key: String) -> PseudonymBody {
        guard let start = answer.body.first(where: { $0 > 0x20 }) else { return .text("") }
        if PhoneSystemLogin.allCases.contains(where: { $0.path == Self.path(of: key) }) {
            return Self.value(answer.body).map { .json($0) } ?? .text(String(decoding: answer.body, as: UTF8.self))
        }
        if let value = Self.value(answer.body) {
            return .json(replaced(value, key: Self.path(of: key), row: PseudonymRow()))
        }
        switch start {
        case UInt8(ascii: "<"): return .text("<html></html>")
        case UInt8(ascii: "{"), UInt8(ascii: "["): return .text(String(Unicode.Scalar(start)))
        default: return .text("text")
        }
    }

    /// One that cannot be read stays unreadable.
    mutating func frame(_ message: [UInt8]) -> JSONValue {
        guard let value = Self.value(message) else { return "unreadable" }
        return replaced(value, key: "", row: PseudonymRow())
    }

    /// `METHOD /path?query BODY`.
    mutating func key(_ key: String) -> String {
        let parts = key.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2 else { return key }
        let head = "\(parts[0]) \(target(parts[1]))"
        guard parts.count == 3, let value = Self.value(Array(parts[2].utf8)) else { return head }
        return "\(head) \(replaced(value, key: "", row: PseudonymRow()).text)"
    }

    /// The numbers of the session that the configuration says to ignore: a beginning would not be that of their
    /// pseudonyms.
    func ignoredNumbers(_ configuration: BridgeConfiguration) -> [String] {
        ignored.sorted()
            + configuration.phoneSystem.ignoredNumbers.filter {
                !$0.hasSuffix("*") && $0.utf8.count { 0x30...0x39 ~= $0 } < PseudonymNumbers.shortest
            }
    }

    /// A number, in whatever form.
    mutating func number(_ text: String) -> String {
        if let called = PartyNumber.called(text), called != NumberPlan.compact(text) { return number(called, in: text) }
        let pseudonym = numbers.replaced(text)
        if pseudonym != text, let number = plan.comparable(text),
            ignoredPatterns.contains(where: { $0.matches(number) })
        {
            ignored.insert(NumberPlan.compact(pseudonym) ?? pseudonym)
        }
        return pseudonym
    }

    /// In an address, of which nothing else is needed, or behind a dial code, which stays.
    private mutating func number(_ called: String, in text: String) -> String {
        let plain = PartyNumber.plain(text)
        let code = plain.hasSuffix(called) ? String(plain.dropLast(called.count)) : ""
        let number = code + number(called)
        return plain == text ? number : "sip:\(number)@sip.example.net"
    }

    private static func value(_ body: [UInt8]) -> JSONValue? {
        do {
            return try JSONDecoder().decode(JSONValue.self, from: Data(WireJSON.repaired(body)))
        } catch {
            return nil
        }
    }

    private static func path(of key: String) -> String {
        String(key.drop { $0 != " " }.dropFirst().prefix { $0 != "?" && $0 != " " })
    }

    // MARK: - JSON

    private mutating func replaced(_ value: JSONValue, key: String, row: PseudonymRow) -> JSONValue {
        switch value {
        case .null, .bool: return value
        case .fraction(let number): return abs(number) < 1e6 ? value : .fraction(0)
        case .integer(let integer): return .integer(self.integer(integer, key))
        case .string(let text): return .string(string(text, key, row))
        case .array(let elements): return .array(elements.map { replaced($0, key: key, row: row) })
        case .object(let members): return .object(object(members, key, row))
        }
    }

    private mutating func object(_ members: [String: JSONValue], _ key: String, _ outer: PseudonymRow) -> [String:
        JSONValue]
    {
        // The bridge's own word for a field of the edited group; with another one it would ask for something else.
        if key == "PropertyPath", members == ["Name": "Members"] { return members }
        var row = outer
        row.take(members, listedBy: key, directory)
        var result: [String: JSONValue] = [:]
        // In one order, so that a recording is replaced the same way every time.
        for (name, member) in members.sorted(by: { $0.key < $1.key }) {
            // The values of an edited object are wrapped.
            let own = ["_value", "value"].contains(name.lowercased()) ? key : name
            result[TraceShape.isField(name) && !hasNumber(name) ? name : names(name, .text)] =
                replaced(member, key: own, row: row)
        }
        // First and last name are one name.
        if let (first, last) = PseudonymRow.firstAndLast(members) {
            let pseudonym = names.replaced("\(first) \(last)", as: row.label ?? .agent, number: row.number)
            let cut = pseudonym.lastIndex(of: " ") ?? pseudonym.startIndex
            let parts =
                first.isEmpty
                ? ("", pseudonym)
                : last.isEmpty
                    ? (pseudonym, "")
                    : (String(pseudonym[..<cut]), String(pseudonym[cut...].dropFirst()))
            for (name, text) in [("FirstName", parts.0), ("LastName", parts.1)] {
                if let member = members[name] { result[name] = PseudonymRow.rewrapped(member, text) }
            }
        }
        return result
    }

    private mutating func integer(_ integer: Int64, _ key: String) -> Int64 {
        switch TraceRule(key: key) {
        case .identifier: return integer
        case .secret: return 0
        case .word, .text, .path, .name: return Int64(number(String(integer))) ?? 0
        }
    }

    // MARK: - Texts

    private mutating func string(_ text: String, _ key: String, _ row: PseudonymRow) -> String {
        guard !text.isEmpty else { return "" }
        if secrets.contains(where: { $0 == text || ($0.utf8.count >= 8 && text.contains($0)) }) { return "removed" }
        if let literal = literals[text.lowercased()] { return literal }
        switch PseudonymKey(key) {
        case .party: return party(text)
        case .personName: return names(text, row.label ?? .agent, number: row.number)
        case .partyName: return names(text, row.partyIsOutside ? .customer : .agent, number: row.partyNumber)
        case .link: return link(text)
        case .device: return names(text, .text)
        case .other(let rule): return string(text, rule, row)
        }
    }

    private mutating func string(_ text: String, _ rule: TraceRule, _ row: PseudonymRow) -> String {
        if TraceShape.isTimestamp(text) { return text }
        switch rule {
        case .secret: return "removed"
        case .identifier where TraceShape.isIdentifier(text) && !TraceShape.isToken(text):
            return text
        case .word where NumberPlan.compact(text) == nil && TraceShape.isWord(text) && !hasNumber(text):
            return text
        case .path:
            return text.split(separator: "/", omittingEmptySubsequences: false).map { segment($0) }
                .joined(separator: "/")
        case .identifier, .word, .text, .name:
            if ["true", "false", "none"].contains(text.lowercased()) { return text }
            if PartyNumber.called(text) == nil, text.contains("@") { return mail(text, row) }
            return names(text, .text)
        }
    }

    /// A name, or a number in the place of one.
    mutating func names(_ text: String, _ label: PseudonymNames.Label, number: String? = nil) -> String {
        if let literal = literals[text.lowercased()] { return literal }
        if PartyNumber.called(text) != nil { return self.number(text) }
        if PartyNumber.beginsWithCode(text), text.allSatisfy({ "0123456789*#".contains($0) }) { return keys(text) }
        if TraceShape.isGroupNumber(text) { return text }
        return names.replaced(text, as: label, number: number)
    }

    private mutating func mail(_ text: String, _ row: PseudonymRow) -> String {
        let pseudonym = names.replaced(text.lowercased(), as: row.label ?? .text, number: row.number)
        let name = pseudonym.split(separator: "@").first.map(String.init) ?? pseudonym
        return "\(name.filter { $0.isLetter || $0.isNumber }.lowercased())@example.net"
    }

    /// Whether it holds so many digits in a row as a phone number has.
    func hasNumber(_ text: String) -> Bool {
        var run = 0
        for byte in text.utf8 {
            run = 0x30...0x39 ~= byte ? run + 1 : 0
            if run >= PseudonymNumbers.shortest { return true }
        }
        return false
    }
}

/// A body as a fixture holds it.
enum PseudonymBody: Equatable, Sendable {
    case json(JSONValue)
    case text(String)
}

extension TraceShape {
    /// How XAPI numbers its groups: `GRP0001`.
    static func isGroupNumber(_ text: String) -> Bool {
        text.hasPrefix("GRP") && (4...8).contains(text.utf8.count)
            && text.utf8.dropFirst(3).allSatisfy { 0x30...0x39 ~= $0 }
    }
}
