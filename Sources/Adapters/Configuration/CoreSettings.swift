package import Domain
package import Ports

extension CallLifecycle.Settings {
    package init(_ configuration: BridgeConfiguration) {
        self.init()
        instance = configuration.bridge.instance
        transfers = configuration.bridge.transfers
        logMissedQueueCalls = configuration.zammad.logMissedQueueCalls
        sendQueue = configuration.zammad.sendQueue
        agentUserIDs = configuration.zammad.agentUserIDs
        numbers = NumberPlan(
            countryPrefix: configuration.phoneSystem.countryPrefix, format: configuration.phoneSystem.numberFormat)
        filter.include = configuration.phoneSystem.include
        filter.exclude = configuration.phoneSystem.exclude
        filter.ignoredNumbers = configuration.phoneSystem.ignoredNumbers.compactMap {
            NumberPattern(outside: $0, numbers)
        }
        filter.reportsAnonymous = configuration.phoneSystem.reportsAnonymous
        // Within the grace there must be time for two more looks, or a call would end for want of looking.
        legGrace = configuration.bridge.hangupGrace ?? max(.seconds(2), configuration.bridge.pollInterval * 2)
        grace = configuration.bridge.hangupGrace ?? .zero
    }
}

extension Outbox.Settings {
    package init(_ configuration: BridgeConfiguration) {
        self.init()
        maxParallel = configuration.zammad.maxParallel
        maxEventAge = configuration.zammad.maxEventAge
    }
}
