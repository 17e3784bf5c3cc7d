import Ports

/// The configuration that the daemon began with, and how to read it again.
struct ConfigurationReading: Sendable {
    let effective: EffectiveConfiguration
    let again: @Sendable () throws(ConfigurationError) -> EffectiveConfiguration
}
