/// The settings that apply, with where each of them came from.
package struct EffectiveConfiguration: Equatable, Sendable {
    package let configuration: BridgeConfiguration
    /// What is odd but does not keep the bridge from running.
    package let warnings: [ConfigurationProblem]
    /// `nil` when environment, flags and credentials alone gave all that is required.
    package let filePath: String?
    /// All keys in the order of the documentation, secrets masked.
    package let entries: [ConfigurationEntry]

    package init(
        configuration: BridgeConfiguration,
        warnings: [ConfigurationProblem],
        filePath: String?,
        entries: [ConfigurationEntry]
    ) {
        self.configuration = configuration
        self.warnings = warnings
        self.filePath = filePath
        self.entries = entries
    }
}
