/// Where the bridge's settings come from.
package protocol ConfigurationSource: Sendable {
    /// Reads, merges and checks all settings.
    ///
    /// The error names every problem found, not only the first, so that one look at it is enough to repair a file.
    func load() throws(ConfigurationError) -> EffectiveConfiguration
}
