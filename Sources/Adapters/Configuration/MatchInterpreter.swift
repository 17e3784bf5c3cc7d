import Domain
import Ports

/// Reads `Zammad.match`.
struct MatchInterpreter {
    let key: ConfigurationKey
    let setting: Setting

    private static let names = ["queue", "did", "trunk", "extension", "pbx"]
    private static let mostPatterns = 1000

    func interpret(_ findings: inout Findings) -> InterpretedValue? {
        guard case .mapping(let fields) = setting.value.content else {
            findings.error(
                "\(key.path) must be \(key.kind.expectation), not \(setting.value.typeName)",
                at: setting.value.location,
                remedy: "write for example \(key.name): \(key.kind.example)")
            return nil
        }
        let count = findings.problems.count
        var match = CallMatch()
        for field in fields {
            switch field.name {
            case "queue": match.queues = patterns(field, &findings)
            case "did": match.dids = patterns(field, &findings)
            case "trunk": match.trunks = patterns(field, &findings)
            case "extension": match.extensions = patterns(field, &findings)
            case "pbx": match.phoneSystems = texts(field, &findings).map(\.text)
            default:
                let nearest = NearestName.nearest(to: field.name, among: Self.names)
                findings.error(
                    "unknown key \"\(field.name.excerpt)\" in \(key.path)", at: field.nameLocation,
                    remedy: nearest.map { "did you mean \($0)?" }
                        ?? "the keys are \(Self.names.joined(separator: ", "))")
            }
        }
        return findings.problems.count == count ? .match(match) : nil
    }

    private func patterns(_ field: YAMLValue.Field, _ findings: inout Findings) -> [NumberPattern] {
        texts(field, &findings).compactMap { text, location in
            if let pattern = NumberPattern(text) { return pattern }
            findings.error(
                "\"\(text.excerpt)\" in \(key.path).\(field.name) is not a pattern", at: location,
                remedy: "write a number (816), a beginning (81*), or a range whose ends have the same number of digits "
                    + "(800-816)")
            return nil
        }
    }

    private func texts(
        _ field: YAMLValue.Field, _ findings: inout Findings
    ) -> [(text: String, location: ConfigurationLocation)] {
        let elements: [YAMLValue]
        switch field.value.content {
        case .null: return []
        case .list(let list): elements = list
        case .scalar, .mapping: elements = [field.value]
        }
        guard !elements.isEmpty, elements.count <= Self.mostPatterns else {
            findings.error(
                "\(key.path).\(field.name) has \(elements.isEmpty ? "no" : "too many") values",
                at: field.value.location,
                remedy: elements.isEmpty
                    ? "remove it: what is not given does not matter" : "use ranges (800-816) or beginnings (81*)")
            return []
        }
        return elements.compactMap { element in
            if case .scalar(let text) = element.content, !text.isEmpty { return (text, element.location) }
            findings.error(
                "\(key.path).\(field.name) must be a number or a list of numbers, not \(element.typeName)",
                at: element.location, remedy: "write for example \(field.name): [816, 820-829]")
            return nil
        }
    }
}
