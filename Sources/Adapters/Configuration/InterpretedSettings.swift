import Domain
import Ports

/// All settings after reading, with defaults for those not given.
struct InterpretedSettings {
    private(set) var values: [String: InterpretedValue] = [:]
    let settings: SettingsLayer
    /// Keys whose value is unusable; checks that need them are left out.
    private(set) var unusable: Set<String>

    init(_ merge: SettingsMerge, findings: inout Findings) {
        settings = merge.settings
        unusable = merge.unreadable
        for key in ConfigurationKeys.all {
            guard let setting = merge.settings[key.path] else { continue }
            guard let value = SettingInterpreter(key: key, setting: setting).interpret(&findings) else {
                unusable.insert(key.path)
                continue
            }
            if value != .absent { values[key.path] = value }
        }
    }

    /// Whether a usable value was given.
    func has(_ path: String) -> Bool { values[path] != nil }

    /// Whether a value was given, be it usable or not: what is wrong is not also missing.
    func isMentioned(_ path: String) -> Bool { has(path) || unusable.contains(path) }

    func location(_ path: String) -> ConfigurationLocation? { settings[path]?.value.location }

    func value(_ path: String) -> InterpretedValue {
        values[path] ?? ConfigurationKeys.key(path)?.defaultValue ?? .absent
    }

    func text(_ path: String) -> String? {
        if case .text(let text) = value(path) { text } else { nil }
    }

    func boolean(_ path: String) -> Bool? {
        if case .boolean(let boolean) = value(path) { boolean } else { nil }
    }

    func integer(_ path: String) -> Int? {
        if case .integer(let integer) = value(path) { integer } else { nil }
    }

    func duration(_ path: String) -> Duration? {
        if case .duration(let duration) = value(path) { duration } else { nil }
    }

    func list(_ path: String) -> [String] {
        if case .list(let list) = value(path) { list } else { [] }
    }

    func patterns(_ path: String) -> [NumberPattern] {
        list(path).compactMap { NumberPattern($0) }
    }

    func match(_ path: String) -> CallMatch {
        if case .match(let match) = value(path) { match } else { CallMatch() }
    }

    func tickets(_ path: String) -> BridgeConfiguration.Zammad.Tickets {
        var tickets = BridgeConfiguration.Zammad.Tickets()
        guard case .tickets(let fields) = value(path) else { return tickets }
        for field in fields {
            switch field.name {
            case "create": tickets.creation = TicketQueue.Settings.Creation(rawValue: field.value) ?? .off
            case "group": tickets.group = field.value
            case "title": tickets.title = field.value
            case "body": tickets.body = field.value
            case "create_customers": tickets.createsCustomers = field.value == "true"
            case "notify_customer": tickets.notifiesCustomer = field.value == "true"
            case "merge_window":
                if let seconds = DurationText.seconds(field.value) {
                    tickets.mergeWindow = DurationText.duration(seconds: seconds)
                }
            default: break
            }
        }
        return tickets
    }

    func agents(_ path: String) -> BridgeConfiguration.Zammad.Agents {
        switch value(path) {
        case .automaticAgents: return .automatic
        case .agents(let agents):
            return .listed(
                Dictionary(
                    agents.map { ($0.extensionNumber, $0.userID.map { .userID($0) } ?? .loginOrMail($0.zammadUser)) },
                    uniquingKeysWith: { _, last in last }))
        default: return .listed([:])
        }
    }
}
