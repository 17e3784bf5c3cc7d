/// A top-level key of the configuration file, in the order in which they are shown.
enum ConfigurationSection: String, CaseIterable, Sendable {
    case bridge = "Bridge"
    case phoneSystem = "3CX"
    case zammad = "Zammad"
}
