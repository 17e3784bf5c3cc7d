import Ports

/// How many phone systems and Zammads there are, and what they are called in the names of variables and credentials.
struct ListedSections {
    private struct Section {
        var isList = false
        /// By which each entry of a list goes, besides its position: its name, if the file gives one.
        var names: [String?] = [nil]
    }

    private var sections: [ConfigurationSection: Section] = [:]

    init(_ file: FileLayer?) {
        for section in ConfigurationSection.allCases {
            guard let file, let entries = file.entries[section] else {
                sections[section] = Section()
                continue
            }
            let names = entries.map { entry -> String? in
                guard case .scalar(let name)? = entry.settings["\(section.rawValue).name"]?.value.content else {
                    return nil
                }
                return name
            }
            sections[section] = Section(isList: file.lists.contains(section), names: names)
        }
    }

    /// How often the settings must be read so that each entry is read once.
    var passes: Int { max(count(.phoneSystem), count(.zammad)) }

    func count(_ section: ConfigurationSection) -> Int { sections[section]?.names.count ?? 1 }

    func isList(_ section: ConfigurationSection) -> Bool { sections[section]?.isList ?? false }

    /// Whether a name that tells no entry can mean several.
    func isAmbiguous(_ section: ConfigurationSection) -> Bool { count(section) > 1 }

    /// The entry of a section that a pass reads; the last one again once all are read.
    func index(_ section: ConfigurationSection, _ pass: Int) -> Int { min(pass, count(section) - 1) }

    func layer(of file: FileLayer, _ pass: Int) -> SettingsLayer {
        var layer: SettingsLayer = [:]
        for (section, entries) in file.entries {
            let index = index(section, pass)
            if entries.indices.contains(index) { layer.merge(entries[index].settings) { first, _ in first } }
        }
        return layer
    }

    func locations(in file: FileLayer, _ pass: Int) -> [ConfigurationSection: ConfigurationLocation] {
        file.entries.reduce(into: [:]) { locations, section in
            let index = index(section.key, pass)
            if section.value.indices.contains(index) { locations[section.key] = section.value[index].location }
        }
    }

    /// What goes between section and key in the name of a variable: the position from 1 and the name; nothing where
    /// there is no list.
    func tags(_ section: ConfigurationSection, _ index: Int) -> [String] {
        guard isList(section), let names = sections[section]?.names, names.indices.contains(index) else { return [] }
        let name = names[index].map { String($0.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }) }
        return ["\(index + 1)"] + (name.map { [$0] } ?? [])
    }
}
