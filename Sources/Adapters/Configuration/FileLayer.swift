import Ports

/// The settings of the configuration file.
struct FileLayer {
    private(set) var settings: SettingsLayer = [:]
    /// Where each section begins; messages about what is missing point there.
    private(set) var sections: [ConfigurationSection: ConfigurationLocation] = [:]
    private let path: String

    /// Unknown keys and wrong shapes are reported; what is usable is kept, so that it is checked as well.
    init(document: YAMLValue, path: String, findings: inout Findings) {
        self.path = path
        guard case .mapping(let fields) = document.content else {
            findings.error(
                "the file must hold the sections Bridge, 3CX and Zammad, not \(document.typeName)",
                at: document.location, remedy: "start from config.example.yaml")
            return
        }
        for field in fields where !findings.isFull {
            guard let section = ConfigurationSection(rawValue: field.name) else {
                Self.reportUnknownSection(field, &findings)
                continue
            }
            sections[section] = field.nameLocation
            read(section, field.value, &findings)
        }
    }

    private mutating func read(
        _ section: ConfigurationSection, _ value: YAMLValue, _ findings: inout Findings
    ) {
        switch value.content {
        case .null: break
        case .mapping(let fields): read(section, fields, &findings)
        case .list(let entries):
            guard section == .zammad, entries.count <= 1 || !NotYetAvailable.onlyOneOfEach else {
                let name = section == .zammad ? "several Zammads" : "several phone systems"
                let message = section == .bridge ? "section Bridge must be a mapping, not a list" : name
                findings.error(
                    message + (section == .bridge ? "" : " are not available in this version"), at: value.location,
                    remedy: "write the keys of one directly under \(section.rawValue):")
                return
            }
            for entry in entries { read(section, entry, &findings) }
        case .scalar:
            findings.error(
                "section \(section.rawValue) must be a mapping, not a text", at: value.location,
                remedy: "write its keys on the following lines, indented, each as KEY: VALUE")
        }
    }

    private mutating func read(
        _ section: ConfigurationSection, _ fields: [YAMLValue.Field], _ findings: inout Findings
    ) {
        for field in fields where !findings.isFull {
            guard let key = ConfigurationKeys.key("\(section.rawValue).\(field.name)") else {
                Self.reportUnknownKey(field, section, &findings)
                continue
            }
            if key.kind == .match, NotYetAvailable.onlyOneOfEach {
                findings.error(
                    "several Zammads are not available in this version", at: field.nameLocation,
                    remedy: "remove match; all calls go to the one Zammad")
                continue
            }
            guard field.value.content != .null else { continue }
            settings[key.path] = Setting(
                value: field.value, origin: .file(path: path, line: Self.line(of: field.nameLocation)))
        }
    }

    private static func line(of location: ConfigurationLocation) -> Int {
        if case .position(_, let line, _) = location { line } else { 0 }
    }

    private static func reportUnknownSection(_ field: YAMLValue.Field, _ findings: inout Findings) {
        let sections = ConfigurationSection.allCases.map(\.rawValue)
        let remedy: String
        if let key = ConfigurationKeys.all.first(where: { $0.name == field.name }) {
            remedy = "the key \(key.name) belongs in section \(key.section.rawValue)"
        } else if let name = NearestName.nearest(to: field.name, among: sections) {
            remedy = "did you mean \(name)?"
        } else {
            remedy = "the sections are \(sections.joined(separator: ", "))"
        }
        findings.error("unknown section \"\(field.name.excerpt)\"", at: field.nameLocation, remedy: remedy)
    }

    private static func reportUnknownKey(
        _ field: YAMLValue.Field, _ section: ConfigurationSection, _ findings: inout Findings
    ) {
        findings.error(
            "unknown key \"\(field.name.excerpt)\" in section \(section.rawValue)", at: field.nameLocation,
            remedy: remedy(forUnknown: field.name, in: section))
    }

    private static func remedy(forUnknown name: String, in section: ConfigurationSection) -> String {
        let lowercased = name.lowercased()
        let names = ConfigurationKeys.keys(of: section).map(\.name)
        if let elsewhere = ConfigurationKeys.all.first(where: { $0.section != section && $0.name == lowercased }) {
            return "it belongs in section \(elsewhere.section.rawValue)"
        }
        if name == "<<" { return "merge keys are not supported, write the keys out" }
        if let nearest = NearestName.nearest(to: name, among: names) { return "did you mean \(nearest)?" }
        let others = ConfigurationKeys.all.filter { $0.section != section }
        if let nearest = NearestName.nearest(to: name, among: others.map(\.name)),
            let key = others.first(where: { $0.name == nearest })
        {
            return "did you mean \(nearest), which belongs in section \(key.section.rawValue)?"
        }
        return "remove it; the keys of section \(section.rawValue) are \(names.joined(separator: ", "))"
    }
}
