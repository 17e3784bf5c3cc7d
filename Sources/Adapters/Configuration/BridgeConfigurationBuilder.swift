import Domain
import Ports

/// Puts interpreted settings into the value that the bridge works with.
enum BridgeConfigurationBuilder {
    /// `nil` when a required value is missing, which `CrossChecks` has reported.
    static func build(_ settings: InterpretedSettings) -> BridgeConfiguration? {
        guard let host = settings.text("3CX.host"), let endpoint = settings.text("Zammad.endpoint") else { return nil }
        var configuration = BridgeConfiguration(
            phoneSystem: .init(host: host), zammad: .init(endpoint: Secret(endpoint)))
        apply(settings, to: &configuration.bridge)
        apply(settings, to: &configuration.phoneSystem)
        apply(settings, to: &configuration.zammad)
        return configuration
    }

    private static func apply(_ settings: InterpretedSettings, to bridge: inout BridgeConfiguration.Bridge) {
        bridge.pollInterval = settings.duration("Bridge.poll_interval") ?? bridge.pollInterval
        bridge.api =
            settings.text("Bridge.api").flatMap(BridgeConfiguration.PhoneSystemAPI.init(rawValue:)) ?? bridge.api
        bridge.events = settings.boolean("Bridge.events") ?? bridge.events
        bridge.reconcileInterval = settings.duration("Bridge.reconcile_interval") ?? bridge.reconcileInterval
        bridge.hangupGrace = settings.duration("Bridge.hangup_grace")
        bridge.groupRefresh = settings.duration("Bridge.group_refresh") ?? bridge.groupRefresh
        bridge.transfers =
            settings.text("Bridge.transfers").flatMap(TransferPolicy.init(rawValue:)) ?? bridge.transfers
        bridge.instance = settings.text("Bridge.instance") ?? bridge.instance
        bridge.stateDirectory = settings.text("Bridge.state_dir")
        bridge.historyDays = settings.integer("Bridge.history_days") ?? bridge.historyDays
        bridge.statusListen = settings.text("Bridge.status_listen") ?? bridge.statusListen
        bridge.statusToken = settings.text("Bridge.status_token").map(Secret.init)
    }

    private static func apply(_ settings: InterpretedSettings, to system: inout BridgeConfiguration.PhoneSystem) {
        system.name = settings.text("3CX.name").flatMap(PhoneSystemName.init(_:)) ?? system.name
        system.api = settings.text("3CX.api").flatMap(BridgeConfiguration.PhoneSystemAPI.init(rawValue:))
        system.user = settings.text("3CX.user")
        system.password = settings.text("3CX.pass").map(Secret.init)
        system.clientID = settings.text("3CX.client_id")
        system.clientSecret = settings.text("3CX.client_secret").map(Secret.init)
        system.groups = settings.list("3CX.group")
        system.extensionDigits = settings.integer("3CX.extension_digits")
        system.trunkDigits = settings.integer("3CX.trunk_digits")
        system.queueExtensions = settings.list("3CX.queue_extension")
        if settings.has("3CX.voicemail_extensions") {
            system.voicemailExtensions = settings.patterns("3CX.voicemail_extensions")
        }
        system.include = settings.patterns("3CX.include")
        system.exclude = settings.patterns("3CX.exclude")
        system.ignoredNumbers = settings.list("3CX.ignore_numbers")
        system.reportsAnonymous = settings.text("3CX.anonymous") != "ignore"
        system.countryPrefix = settings.text("3CX.country_prefix")
        system.numberFormat = settings.text("3CX.number_format").flatMap(NumberFormat.init(rawValue:))
        system.outsideLinePrefix = settings.text("3CX.outside_line_prefix") ?? ""
        system.tlsCAFile = settings.text("3CX.tls_ca_file")
    }

    private static func apply(_ settings: InterpretedSettings, to zammad: inout BridgeConfiguration.Zammad) {
        zammad.name = settings.text("Zammad.name").flatMap(ZammadName.init(_:)) ?? zammad.name
        zammad.match = settings.match("Zammad.match")
        zammad.logMissedQueueCalls = settings.boolean("Zammad.log_missed_queue_calls") ?? zammad.logMissedQueueCalls
        zammad.sendQueue = settings.boolean("Zammad.send_queue") ?? zammad.sendQueue
        zammad.maxParallel = settings.integer("Zammad.max_parallel") ?? zammad.maxParallel
        zammad.maxEventAge = settings.duration("Zammad.max_event_age")
        zammad.rejectBlockedCallers = settings.boolean("Zammad.reject_blocked_callers") ?? zammad.rejectBlockedCallers
        zammad.tlsCAFile = settings.text("Zammad.tls_ca_file")
        zammad.apiToken = settings.text("Zammad.api_token").map(Secret.init)
        zammad.agents = settings.agents("Zammad.agents")
        zammad.tickets = settings.tickets("Zammad.tickets")
    }
}
