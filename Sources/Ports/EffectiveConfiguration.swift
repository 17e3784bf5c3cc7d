/// The settings that apply, with where each of them came from.
package struct EffectiveConfiguration: Equatable, Sendable {
    package let configuration: BridgeConfiguration
    /// What is odd but does not keep the bridge from running.
    package let warnings: [ConfigurationProblem]
    /// `nil` when environment and credentials alone gave all that is required.
    package let filePath: String?
    /// All keys in the order of the documentation, secrets masked.
    package let entries: [ConfigurationEntry]
    /// What the operator expects of the rules.
    package let tests: [ConfigurationTest]

    package init(
        configuration: BridgeConfiguration,
        warnings: [ConfigurationProblem],
        filePath: String?,
        entries: [ConfigurationEntry],
        tests: [ConfigurationTest] = []
    ) {
        self.configuration = configuration
        self.warnings = warnings
        self.filePath = filePath
        self.entries = entries
        self.tests = tests
    }
}
