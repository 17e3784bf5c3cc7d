import Domain
import Ports
import Wire

extension Pseudonymiser {
    /// The settings that a recorded session depends on and that are not the default, without what is secret or says
    /// where it was. Groups and outside numbers are given as the recording has them, agents by their ids.
    mutating func settings(_ configuration: BridgeConfiguration) -> JSONValue {
        var kept = configuration
        kept.phoneSystem.groups = kept.phoneSystem.groups.map { names($0, .group) }
        kept.phoneSystem.ignoredNumbers = ignoredNumbers(configuration)
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
