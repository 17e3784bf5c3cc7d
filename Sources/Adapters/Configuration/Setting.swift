import Ports

/// A value that one of the layers gives for a key.
struct Setting: Equatable, Sendable {
    let value: YAMLValue
    let origin: ConfigurationOrigin
}

/// What one layer gives, by the path of the key.
typealias SettingsLayer = [String: Setting]
