package import Domain
package import Ports

extension CallLifecycle.Settings {
    /// For each phone system.
    package static func each(_ configuration: BridgeConfiguration) -> [CallLifecycle.Settings] {
        configuration.phoneSystems.map { CallLifecycle.Settings(configuration.alone(with: $0)) }
    }

    /// For the first phone system.
    package init(_ configuration: BridgeConfiguration) {
        self.init()
        name = configuration.phoneSystem.name
        instance = name.shown ?? configuration.bridge.instance
        routing = Routing(configuration)
        for zammad in configuration.zammads { helpdesks[zammad.name] = Helpdesk(zammad) }
        transfers = configuration.bridge.transfers
        numbers = NumberPlan(configuration.phoneSystem)
        filter.include = configuration.phoneSystem.include
        filter.exclude = configuration.phoneSystem.exclude
        filter.ignoredNumbers = configuration.phoneSystem.ignoredNumbers.compactMap {
            NumberPattern(outside: $0, numbers)
        }
        filter.reportsAnonymous = configuration.phoneSystem.reportsAnonymous
        // Within a grace there must be time for two more polls, or a call would end for want of polling.
        legGrace = configuration.bridge.hangupGrace ?? max(.seconds(2), configuration.bridge.pollInterval * 2)
        handover = max(Self.patience, configuration.bridge.pollInterval * 2)
        grace = configuration.bridge.hangupGrace ?? .zero
    }
}

extension NumberPlan {
    package init(_ phoneSystem: BridgeConfiguration.PhoneSystem) {
        self.init(
            countryPrefix: phoneSystem.countryPrefix, format: phoneSystem.numberFormat,
            outsideLinePrefix: phoneSystem.outsideLinePrefix)
    }
}

extension TicketQueue.Settings {
    fileprivate init(_ tickets: BridgeConfiguration.Zammad.Tickets) {
        self.init()
        creation = tickets.creation
        createsCustomers = tickets.createsCustomers
    }
}

extension Zammad.Settings {
    /// For each Zammad.
    package static func each(_ configuration: BridgeConfiguration) -> [Zammad.Settings] {
        configuration.zammads.map { Zammad.Settings(configuration.alone(with: $0)) }
    }

    /// For the first Zammad.
    package init(_ configuration: BridgeConfiguration) {
        self.init()
        name = configuration.zammad.name
        maxParallel = configuration.zammad.maxParallel
        maxEventAge = configuration.zammad.maxEventAge
        looksUpDoubts = configuration.zammad.apiToken != nil
        dropsBlockedCallers = configuration.zammad.rejectBlockedCallers
        tickets = TicketQueue.Settings(configuration.zammad.tickets)
    }
}

extension CallLifecycle.Settings.Helpdesk {
    fileprivate init(_ zammad: BridgeConfiguration.Zammad) {
        self.init(
            logMissedQueueCalls: zammad.logMissedQueueCalls, sendQueue: zammad.sendQueue,
            agentUserIDs: zammad.agentUserIDs)
    }
}

extension Routing {
    /// One Zammad that takes every call needs no rule.
    package init(_ configuration: BridgeConfiguration) {
        let zammads = configuration.zammads
        let isTrivial =
            zammads.count == 1 && configuration.zammad.name == .default && configuration.zammad.match.isCatchAll
        self.init(rules: isTrivial ? [] : zammads.map { Rule(zammad: $0.name, match: $0.match) })
    }
}
