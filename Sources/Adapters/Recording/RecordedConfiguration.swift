import Domain
import Ports

/// The settings that a recorded session depends on, without what is secret or says where it was.
struct RecordedConfiguration {
    private let configuration: BridgeConfiguration

    init(_ configuration: BridgeConfiguration) {
        self.configuration = configuration
    }

    /// Groups and outside numbers are given as the recording has them.
    func value(with pseudonyms: inout Pseudonymiser) -> JSONValue {
        let groups = configuration.phoneSystem.groups.map { pseudonyms.group($0) }
        let ignored = pseudonyms.ignoredNumbers(configuration)
        let sections: [String: JSONValue] = [
            "Bridge": .object(bridge), "3CX": .object(phoneSystem(groups, ignored)), "Zammad": .object(zammad),
        ]
        return .object(sections.filter { $0.value != .object([:]) })
    }

    private var bridge: [String: JSONValue] {
        let (bridge, usual) = (configuration.bridge, BridgeConfiguration.Bridge())
        var keys: [String: JSONValue] = [:]
        func add(_ key: String, _ path: KeyPath<BridgeConfiguration.Bridge, Duration>) {
            if bridge[keyPath: path] != usual[keyPath: path] { keys[key] = Self.seconds(bridge[keyPath: path]) }
        }
        add("poll_interval", \.pollInterval)
        add("reconcile_interval", \.reconcileInterval)
        add("group_refresh", \.groupRefresh)
        if let grace = bridge.hangupGrace { keys["hangup_grace"] = Self.seconds(grace) }
        if bridge.transfers != usual.transfers { keys["transfers"] = .string(bridge.transfers.rawValue) }
        return keys
    }

    private func phoneSystem(_ groups: [String], _ ignored: [String]) -> [String: JSONValue] {
        let system = configuration.phoneSystem
        var keys: [String: JSONValue] = [:]
        func add(_ key: String, _ values: [String]) {
            if !values.isEmpty { keys[key] = .array(values.map { .string($0) }) }
        }
        add("group", groups)
        add("queue_extension", system.queueExtensions)
        add("include", system.include.map(\.description))
        add("exclude", system.exclude.map(\.description))
        add("ignore_numbers", ignored)
        if let voicemail = system.voicemailExtensions { add("voicemail_extensions", voicemail.map(\.description)) }
        if !system.reportsAnonymous { keys["anonymous"] = "ignore" }
        keys["extension_digits"] = system.extensionDigits.map { .integer(Int64($0)) }
        keys["trunk_digits"] = system.trunkDigits.map { .integer(Int64($0)) }
        keys["country_prefix"] = system.countryPrefix.map { .string($0) }
        if !system.outsideLinePrefix.isEmpty { keys["outside_line_prefix"] = .string(system.outsideLinePrefix) }
        keys["number_format"] = system.numberFormat.map { .string($0.rawValue) }
        return keys
    }

    private var zammad: [String: JSONValue] {
        var keys: [String: JSONValue] = [:]
        if configuration.zammad.logMissedQueueCalls { keys["log_missed_queue_calls"] = true }
        if configuration.zammad.sendQueue { keys["send_queue"] = true }
        let agents = configuration.zammad.agentUserIDs
        if !agents.isEmpty { keys["agents"] = .object(agents.mapValues { .integer(Int64($0)) }) }
        return keys
    }

    private static func seconds(_ duration: Duration) -> JSONValue {
        let milliseconds = duration.milliseconds
        return milliseconds % 1000 == 0 ? .integer(milliseconds / 1000) : .fraction(Double(milliseconds) / 1000)
    }
}
