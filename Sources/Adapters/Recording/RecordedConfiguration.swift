import Domain
import Ports
import Wire

/// The settings that a recorded session depends on, without what is secret or says where it was.
struct RecordedConfiguration {
    private let configuration: BridgeConfiguration

    init(_ configuration: BridgeConfiguration) {
        self.configuration = configuration
    }

    /// What is not the default. Groups and outside numbers are given as the recording has them, agents by their ids.
    func value(with pseudonyms: inout Pseudonymiser) -> JSONValue {
        var kept = configuration
        kept.phoneSystem.groups = kept.phoneSystem.groups.map { pseudonyms.group($0) }
        kept.phoneSystem.ignoredNumbers = pseudonyms.ignoredNumbers(configuration)
        kept.zammad.agents = .listed(kept.zammad.agentUserIDs.mapValues { .userID($0) })
        var sections: [String: [String: JSONValue]] = [:]
        for key in ConfigurationKeys.settings where key.isRecorded {
            let value = key.shown(kept)
            guard value != key.shown(ConfigurationKeys.defaults) else { continue }
            sections[key.section.rawValue, default: [:]][key.name] = JSONValue(value)
        }
        return .object(sections.mapValues { .object($0) })
    }
}
