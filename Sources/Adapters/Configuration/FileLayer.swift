import Ports

/// The settings of the configuration file.
struct FileLayer {
    /// The keys of one mapping.
    struct Entry {
        var settings: SettingsLayer = [:]
        /// Where it begins; messages about what is missing point there.
        let location: ConfigurationLocation
    }

    /// Several only of phone systems and Zammads; none of a section that is not there.
    private(set) var entries: [ConfigurationSection: [Entry]] = [:]
    /// Sections that are written as a list.
    private var lists: Set<ConfigurationSection> = []
    /// Which entry of a list is called so, by the names as variables have them.
    private var named: [ConfigurationSection: [String: Int]] = [:]
    /// The section `tests`.
    private(set) var tests: YAMLValue?
    private let path: String

    private static let mostEntries = 1000

    /// There is no file.
    init() { path = "" }

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
                if field.name == ConfigurationTestReader.section {
                    tests = field.value
                    continue
                }
                Self.reportUnknownSection(field, &findings)
                continue
            }
            entries[section] = [Entry(location: field.nameLocation)]
            read(section, field.value, &findings)
        }
    }

    private mutating func read(
        _ section: ConfigurationSection, _ value: YAMLValue, _ findings: inout Findings
    ) {
        switch value.content {
        case .null: break
        case .mapping(let fields):
            let settings = read(section, fields, &findings)
            entries[section]?[0].settings = settings
        case .list(let elements): read(section, elements, at: value.location, &findings)
        case .scalar(let text):
            findings.error(
                "section \(section.rawValue) must be a mapping, not a text", at: value.location,
                remedy: "write its keys on the following lines, indented, each as KEY: VALUE"
                    + (text.contains(":") ? ", with a space after the colon" : ""))
        }
    }

    private mutating func read(
        _ section: ConfigurationSection, _ elements: [YAMLValue], at location: ConfigurationLocation,
        _ findings: inout Findings
    ) {
        guard section != .bridge else {
            findings.error(
                "section Bridge must be a mapping, not a list", at: location,
                remedy: "write its keys directly under Bridge:")
            return
        }
        guard elements.count <= Self.mostEntries else {
            findings.error(
                "section \(section.rawValue) has \(elements.count) entries", at: location,
                remedy: "use at most \(Self.mostEntries), or another bridge for the others")
            return
        }
        guard !elements.isEmpty else { return }
        lists.insert(section)
        entries[section] = elements.map { element in
            var entry = Entry(location: element.location)
            if case .mapping(let fields) = element.content {
                entry.settings = read(section, fields, &findings)
            } else {
                findings.error(
                    "an entry of section \(section.rawValue) must be a mapping, not \(element.typeName)",
                    at: element.location, remedy: "write its keys after the hyphen, each as KEY: VALUE")
            }
            return entry
        }
        for index in elements.indices {
            if let name = nameTag(section, index) { named[section, default: [:]][name.uppercased()] = index }
        }
    }

    private func read(
        _ section: ConfigurationSection, _ fields: [YAMLValue.Field], _ findings: inout Findings
    ) -> SettingsLayer {
        var settings: SettingsLayer = [:]
        for field in fields where !findings.isFull {
            let name = "\(section.rawValue).\(field.name)"
            guard let key = ConfigurationKeys.key(name) else {
                if !ConfigurationKeys.reportWithdrawn(name, at: field.nameLocation, &findings) {
                    Self.reportUnknownKey(field, section, &findings)
                }
                continue
            }
            guard field.value.content != .null else { continue }
            settings[key.path] = Setting(
                value: field.value, origin: .file(path: path, line: Self.line(of: field.nameLocation)))
        }
        return settings
    }

    private static func line(of location: ConfigurationLocation) -> Int {
        if case .position(_, let line, _) = location { line } else { 0 }
    }

    // MARK: - Lists

    func isList(_ section: ConfigurationSection) -> Bool { lists.contains(section) }

    /// How many phone systems or Zammads there are.
    func count(_ section: ConfigurationSection) -> Int { entries[section]?.count ?? 1 }

    /// How often the settings must be read so that each entry is read once: a pass reads one phone system together with
    /// one Zammad.
    var passes: Int { max(count(.phoneSystem), count(.zammad)) }

    /// The entry of a section that a pass reads; the last one again once all are read.
    func index(_ section: ConfigurationSection, _ pass: Int) -> Int { min(pass, count(section) - 1) }

    func layer(_ pass: Int) -> SettingsLayer {
        entries.reduce(into: [:]) { layer, section in
            layer.merge(section.value[index(section.key, pass)].settings) { first, _ in first }
        }
    }

    func locations(_ pass: Int) -> [ConfigurationSection: ConfigurationLocation] {
        Dictionary(uniqueKeysWithValues: entries.map { ($0, $1[index($0, pass)].location) })
    }

    /// What goes between section and key in the name of a variable or credential: nothing where there is but one entry,
    /// and in a list the position from 1 and the name. Each means one entry, so that none gets the secret of another: a
    /// name counts more than a position, and of equal names the last.
    func tags(_ section: ConfigurationSection, _ index: Int) -> [String?] {
        var tags: [String?] = count(section) == 1 ? [nil] : []
        guard isList(section) else { return tags }
        for tag in ["\(index + 1)", nameTag(section, index)] {
            if let tag, named[section]?[tag.uppercased()] ?? index == index { tags.append(tag) }
        }
        return tags
    }

    /// The name of an entry as variables have it; `nil` if the file gives none.
    private func nameTag(_ section: ConfigurationSection, _ index: Int) -> String? {
        guard case .scalar(let name)? = entries[section]?[index].settings["\(section.rawValue).name"]?.value.content
        else { return nil }
        return String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    // MARK: - What is not known

    private static func reportUnknownSection(_ field: YAMLValue.Field, _ findings: inout Findings) {
        let sections = ConfigurationSection.allCases.map(\.rawValue) + [ConfigurationTestReader.section]
        let remedy =
            ConfigurationKeys.all.first { $0.name == field.name }
            .map { "the key \($0.name) belongs in section \($0.section.rawValue)" }
            ?? NearestName.remedy(for: field.name, among: sections, "the sections are")
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
