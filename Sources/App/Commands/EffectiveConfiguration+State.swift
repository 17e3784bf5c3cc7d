import Adapters
import FoundationEssentials
import Ports

extension EffectiveConfiguration {
    /// Where the journal of this configuration is.
    var stateDirectory: StateDirectory {
        StateDirectory(
            configured: configuration.bridge.stateDirectory, environment: ProcessInfo.processInfo.environment)
    }
}
