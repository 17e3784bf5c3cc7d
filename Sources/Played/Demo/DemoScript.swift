package import Adapters
package import Ports
package import Wire

/// What a demo's phone system goes through: a fixture that is given, or the office that never closes.
package protocol DemoScript: Sendable {
    /// The configuration of the bridge that watches it.
    ///
    /// - Parameters:
    ///   - overrides: Addresses and what else the demo decides.
    func configuration(
        overrides: [String: [String: JSONValue]]
    ) throws(FixtureConfiguration.Failure) -> EffectiveConfiguration

    /// Plays until its end, or until the task is cancelled. The bridge is up.
    func play(on phoneSystem: DemoPhoneSystem, _ zammad: DemoZammad) async throws

    /// Prepares the first answers.
    func begin(on phoneSystem: DemoPhoneSystem, _ zammad: DemoZammad)
}
