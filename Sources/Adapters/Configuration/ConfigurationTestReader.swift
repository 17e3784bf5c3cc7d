import Domain
import Ports

/// Reads the section `tests`.
struct ConfigurationTestReader {
    static let section = "tests"

    /// `nil` while the rest of the file is wrong: names cannot be looked up then.
    private let configuration: BridgeConfiguration?

    private static let callKeys = ["direction", "from", "to", "name", "queue", "did", "trunk", "answered_by", "pbx"]
    private static let expectKeys = ["zammad", "reason", "direction", "from", "to"]
    private static let testKeys = ["name", "call", "expect"]
    private static let mostTests = 1000
    private static let example = "{call: {direction: in, from: \"0301234567\", queue: 816}, expect: {zammad: support}}"

    init(_ configuration: BridgeConfiguration?) {
        self.configuration = configuration
    }

    func read(_ section: YAMLValue?, _ findings: inout Findings) -> [ConfigurationTest] {
        switch section?.content {
        case nil, .null?: return []
        case .list(let tests)? where tests.count <= Self.mostTests:
            return tests.enumerated().compactMap { test($1, number: $0 + 1, &findings) }
        case .list?:
            findings.error(
                "section tests has more than \(Self.mostTests) entries", at: section?.location, remedy: "use fewer")
        case .scalar?, .mapping?:
            findings.error(
                "section tests must be a list of tests", at: section?.location,
                remedy: "write for example - \(Self.example)")
        }
        return []
    }

    private func test(_ value: YAMLValue, number: Int, _ findings: inout Findings) -> ConfigurationTest? {
        guard let parts = fields(of: value, "a test", Self.testKeys, &findings) else { return nil }
        guard let callValue = parts["call"], let expectValue = parts["expect"] else {
            findings.error(
                "a test needs both call and expect", at: value.location, remedy: "write for example - \(Self.example)")
            return nil
        }
        guard let call = fields(of: callValue, "call", Self.callKeys, &findings),
            let expect = fields(of: expectValue, "expect", Self.expectKeys, &findings),
            let direction = direction(call["direction"], at: callValue.location, &findings)
        else { return nil }
        let phoneSystem =
            text(call["pbx"]).flatMap(PhoneSystemName.init(_:)) ?? configuration?.phoneSystem.name ?? .default
        if let configuration, !configuration.phoneSystems.contains(where: { $0.name == phoneSystem }) {
            unknown(phoneSystem, "phone system", configuration.phoneSystems.map(\.name), call["pbx"], &findings)
        }
        return ConfigurationTest(
            name: text(parts["name"]) ?? "number \(number)", location: value.location,
            call: observed(call, direction), answeredBy: text(call["answered_by"]), phoneSystem: phoneSystem,
            expected: expectation(expect, expectValue, &findings))
    }

    private func observed(_ call: [String: YAMLValue], _ direction: CallDirection) -> ObservedCall {
        let isOutbound = direction == .outbound
        let agents = texts(call[isOutbound ? "from" : "to"])
        var legs = texts(call["queue"]).map { CallLeg(dn: $0, role: .queue, state: .ringing, isMonitored: true) }
        legs += agents.map {
            CallLeg(dn: $0, role: .agent, state: isOutbound ? .dialing : .ringing, isMonitored: true)
        }
        // Who answers has rung before.
        if let answering = text(call["answered_by"]), legs.isEmpty {
            legs.append(CallLeg(dn: answering, role: .agent, state: .ringing, isMonitored: true))
        }
        let number = text(call[isOutbound ? "to" : "from"])
        return ObservedCall(
            id: PBXCallID("1"), direction: direction,
            external: direction == .internal ? nil : ExternalParty(number: number, name: text(call["name"])),
            trunk: text(call["trunk"]), did: text(call["did"]), legs: legs)
    }

    private func expectation(
        _ expect: [String: YAMLValue], _ value: YAMLValue, _ findings: inout Findings
    ) -> ConfigurationTest.Expectation {
        var expected = ConfigurationTest.Expectation()
        if let zammad = text(expect["zammad"]).flatMap(ZammadName.init(_:)) {
            expected.target = zammad == "none" ? ConfigurationTest.Target.none : .zammad(zammad)
            let names = configuration?.zammads.map(\.name) ?? [zammad]
            if zammad != "none", !names.contains(zammad) {
                unknown(zammad, "Zammad", names, expect["zammad"], &findings)
            }
        }
        expected.reason = text(expect["reason"])
        if expected.reason != nil, expected.target == nil { expected.target = ConfigurationTest.Target.none }
        if let given = expect["direction"], let direction = direction(given, at: value.location, &findings) {
            expected.direction = direction == .outbound ? .outbound : .inbound
        }
        expected.from = text(expect["from"])
        expected.to = text(expect["to"])
        if expected == ConfigurationTest.Expectation() {
            findings.error(
                "a test expects nothing", at: value.location,
                remedy: "add one of \(Self.expectKeys.joined(separator: ", ")) to expect")
        }
        return expected
    }

    // MARK: - Values

    private func fields(
        of value: YAMLValue, _ what: String, _ names: [String], _ findings: inout Findings
    ) -> [String: YAMLValue]? {
        guard case .mapping(let fields) = value.content else {
            findings.error(
                "\(what) in section tests must be a mapping, not \(value.typeName)", at: value.location,
                remedy: "write for example - \(Self.example)")
            return nil
        }
        for field in fields where !names.contains(field.name) {
            findings.unknownKey(field, in: "\(what) of section tests", known: names)
        }
        return Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    private func direction(
        _ value: YAMLValue?, at location: ConfigurationLocation, _ findings: inout Findings
    ) -> CallDirection? {
        switch text(value) {
        case "in", "inbound": return .inbound
        case "out", "outbound": return .outbound
        case "internal": return .internal
        default:
            findings.error(
                "direction in section tests must be one of in, out, internal", at: value?.location ?? location,
                remedy: "write for example direction: in")
            return nil
        }
    }

    private func unknown<Peer>(
        _ name: PeerName<Peer>, _ what: String, _ names: [PeerName<Peer>], _ value: YAMLValue?,
        _ findings: inout Findings
    ) {
        let named = names.compactMap(\.shown)
        let remedy =
            named.isEmpty
            ? "give it a name with the key name, or leave this out"
            : NearestName.remedy(for: name.text, among: named, "the names are")
        findings.error("no \(what) is called \"\(name.text.excerpt)\"", at: value?.location, remedy: remedy)
    }

    private func text(_ value: YAMLValue?) -> String? {
        if case .scalar(let text)? = value?.content, !text.isEmpty { text } else { nil }
    }

    private func texts(_ value: YAMLValue?) -> [String] {
        if case .list(let list)? = value?.content { return list.compactMap(text) }
        return text(value).map { [$0] } ?? []
    }
}
