import Domain
package import Ports

/// What the 3CX adapters need of the configuration.
package struct PhoneSystemSettings: Equatable, Sendable {
    package var phoneSystem: BridgeConfiguration.PhoneSystem
    /// Extensions that `Zammad.agents` names. Empty where there may be several phone systems: each has extensions of
    /// its own.
    package var agentExtensions: [String]
    package var groupRefresh: Duration
    /// How long a call that is listed by its legs may be out of sight.
    package var hangupGrace: Duration
    /// Whether an answered call may end sooner once polls have confirmed that it is gone: not where the operator has
    /// said how long calls are out of sight.
    package var confirmsEnds: Bool
    package var pollInterval: Duration
    /// Whether to follow what the PBX pushes, and how often to poll all the same.
    package var events: Bool
    package var reconcileInterval: Duration
    /// For logins, and for requests that do something.
    package var requestTimeout: Duration = .seconds(5)
    /// For polls: a busy PBX that takes seconds tells late, which is better than never.
    package var pollTimeout: Duration = .seconds(15)

    package init(_ configuration: BridgeConfiguration) {
        phoneSystem = configuration.phoneSystem
        agentExtensions = phoneSystem.name == .default ? configuration.zammads.flatMap(\.agentExtensions).sorted() : []
        pollInterval = configuration.bridge.pollInterval
        events = configuration.bridge.events
        reconcileInterval = configuration.bridge.reconcileInterval
        groupRefresh = configuration.bridge.groupRefresh
        confirmsEnds = configuration.bridge.hangupGrace == nil
        hangupGrace = configuration.bridge.hangupGrace ?? configuration.bridge.pollInterval * 2
    }
}
