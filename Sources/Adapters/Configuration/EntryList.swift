import Domain
import Ports

/// Makes the list of effective settings that is shown to operators, with secrets masked.
enum EntryList {
    /// `entry`: what the entry of a list is called; `nil` for a section that is a mapping.
    static func entries(
        _ settings: InterpretedSettings, of section: ConfigurationSection, entry: String? = nil
    ) -> [ConfigurationEntry] {
        ConfigurationKeys.keys(of: section).filter { $0.kind != .secretFile }.map { key in
            let isGiven = settings.has(key.path)
            return ConfigurationEntry(
                section: key.section.rawValue,
                entry: entry,
                key: key.name,
                value: printable(settings.value(key.path), key),
                origin: isGiven ? settings.settings[key.path]?.origin ?? .default : .default,
                note: isGiven ? nil : key.defaultMeaning)
        }
    }

    static func printable(_ value: InterpretedValue, _ key: ConfigurationKey) -> ConfigurationEntry.Value {
        switch value {
        case .absent: .none
        case .boolean(let boolean): .boolean(boolean)
        case .integer(let integer): .number(String(integer))
        case .duration(let duration): .number(DurationText.text(duration))
        case .text(let text): .text(key.isSecret ? masked(text, key) : text)
        case .list(let list): .list(list.map { .text($0) })
        case .agents(let agents):
            .mapping(
                agents.map { agent in
                    .init(
                        name: agent.extensionNumber,
                        value: agent.userID.map { .number(String($0)) } ?? .text(agent.zammadUser))
                })
        case .automaticAgents: .text("auto")
        case .match(let match): printable(match)
        case .tickets(let fields): .mapping(fields.map { .init(name: $0.name, value: .text($0.value)) })
        }
    }

    private static func printable(_ match: CallMatch) -> ConfigurationEntry.Value {
        if match.isCatchAll { return .none }
        let lists: [(String, [String])] = [
            ("queue", match.queues.map(\.description)), ("did", match.dids.map(\.description)),
            ("trunk", match.trunks.map(\.description)), ("extension", match.extensions.map(\.description)),
            ("pbx", match.phoneSystems),
        ]
        return .mapping(
            lists.filter { !$0.1.isEmpty }.map { .init(name: $0.0, value: .list($0.1.map { .text($0) })) })
    }

    /// Of an address, scheme and host stay visible: they tell an operator which Zammad is meant.
    private static func masked(_ text: String, _ key: ConfigurationKey) -> String {
        guard key.kind == .endpoint else { return SettingInterpreter.mask }
        do {
            return try WebAddress(text).writtenOrigin + "/" + SettingInterpreter.mask
        } catch {
            return SettingInterpreter.mask
        }
    }
}
