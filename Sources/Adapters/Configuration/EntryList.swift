import Ports

/// Makes the list of effective settings that is shown to operators, with secrets masked.
enum EntryList {
    static func entries(_ settings: InterpretedSettings) -> [ConfigurationEntry] {
        ConfigurationKeys.all.filter { $0.kind != .secretFile && $0.kind != .match }.map { key in
            let isGiven = settings.has(key.path)
            return ConfigurationEntry(
                section: key.section.rawValue,
                key: key.name,
                value: printable(settings.value(key.path), key),
                origin: isGiven ? settings.settings[key.path]?.origin ?? .default : .default,
                note: isGiven ? nil : key.defaultMeaning,
                isInactive: key.isInactive
            )
        }
    }

    private static func printable(_ value: InterpretedValue, _ key: ConfigurationKey) -> ConfigurationEntry.Value {
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
        case .tickets(let create, let group):
            .mapping(
                [.init(name: "create", value: .text(create))]
                    + (group.map { [.init(name: "group", value: .text($0))] } ?? []))
        }
    }

    /// Of an address, scheme and host stay visible: they tell an operator which Zammad is meant.
    private static func masked(_ text: String, _ key: ConfigurationKey) -> String {
        guard key.kind == .endpoint else { return SettingInterpreter.mask }
        do {
            return try WebAddress(text).origin + "/" + SettingInterpreter.mask
        } catch {
            return SettingInterpreter.mask
        }
    }
}
