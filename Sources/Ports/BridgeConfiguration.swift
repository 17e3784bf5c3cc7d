package import Domain

/// All settings of the bridge after files and environment have been merged and checked.
///
/// The keys are those of the configuration file (docs/configuration.md); defaults are those of the property
/// initialisers.
package struct BridgeConfiguration: Equatable, Sendable {
    package var bridge = Bridge()
    /// The first, and mostly the only one.
    package var phoneSystem: PhoneSystem
    package var furtherPhoneSystems: [PhoneSystem] = []
    /// The first, and mostly the only one.
    package var zammad: Zammad
    package var furtherZammads: [Zammad] = []

    package init(phoneSystem: PhoneSystem, zammad: Zammad) {
        self.phoneSystem = phoneSystem
        self.zammad = zammad
    }

    /// In the order of the file; never empty.
    package var phoneSystems: [PhoneSystem] { [phoneSystem] + furtherPhoneSystems }

    /// In the order of the file, in which they are asked whether they take a call; never empty.
    package var zammads: [Zammad] { [zammad] + furtherZammads }

    /// What concerns one phone system: as if there were no other.
    package func alone(with phoneSystem: PhoneSystem) -> BridgeConfiguration {
        var alone = self
        alone.phoneSystem = phoneSystem
        alone.furtherPhoneSystems = []
        alone.bridge.api = phoneSystem.api ?? bridge.api
        alone.phoneSystem.readsDIDs = zammads.contains { !$0.match.dids.isEmpty }
        if let name = phoneSystem.name.shown { alone.bridge.instance = name }
        return alone
    }

    /// What concerns one Zammad: as if there were no other.
    package func alone(with zammad: Zammad) -> BridgeConfiguration {
        var alone = self
        alone.zammad = zammad
        alone.furtherZammads = []
        return alone
    }

    /// Which of 3CX's interfaces to use.
    package enum PhoneSystemAPI: String, CaseIterable, Sendable {
        case auto
        case legacy
        case callcontrol
        case xapi
    }

    /// The section `Bridge`.
    package struct Bridge: Equatable, Sendable {
        package var pollInterval: Duration = .milliseconds(500)
        package var api: PhoneSystemAPI = .auto
        package var events = true
        package var reconcileInterval: Duration = .seconds(30)
        /// `nil`: 0 where the source lists whole calls, 2 s where it lists legs.
        package var hangupGrace: Duration?
        package var groupRefresh: Duration = .seconds(300)
        package var transfers: TransferPolicy = .follow
        package var instance = "3cx"
        package var stateDirectory: String?
        package var historyDays = 30
        /// Empty: no status page.
        package var statusListen = "127.0.0.1:9315"
        package var statusToken: Secret?

        package init() {}
    }

    /// The section `3CX`.
    package struct PhoneSystem: Equatable, Sendable {
        /// Unless it is the default, also the instance in its call ids.
        package var name = PhoneSystemName.default
        /// `nil`: that of the section `Bridge`.
        package var api: PhoneSystemAPI?
        /// Whether a rule asks which number a caller has dialled.
        package var readsDIDs = false
        package var user: String?
        package var password: Secret?
        package var clientID: String?
        package var clientSecret: Secret?
        /// Scheme, host and optional port, without a slash at the end.
        package var host: String
        package var groups: [String] = []
        package var extensionDigits: Int?
        package var trunkDigits: Int?
        package var queueExtensions: [String] = []
        /// `nil`: the DN that is voicemail by default.
        package var voicemailExtensions: [NumberPattern]?
        /// The watched extensions that count; empty for all.
        package var include: [NumberPattern] = []
        package var exclude: [NumberPattern] = []
        /// Outside numbers whose calls are not reported, in any form; `*` at the end for all that begin like it.
        package var ignoredNumbers: [String] = []
        package var reportsAnonymous = true
        /// Digits only, without plus or zeros in front.
        package var countryPrefix: String?
        /// `nil`: `national` with a country prefix, else `as_is`.
        package var numberFormat: NumberFormat?
        /// Digits in front of outside numbers; empty for none.
        package var outsideLinePrefix = ""
        package var tlsCAFile: String?

        package init(host: String) {
            self.host = host
        }
    }

    /// The section `Zammad`.
    package struct Zammad: Equatable, Sendable {
        package var name = ZammadName.default
        /// Which calls it takes.
        package var match = CallMatch()
        /// The whole URL, its last path component being the token.
        package var endpoint: Secret
        package var logMissedQueueCalls = false
        package var sendQueue = false
        package var maxParallel = Domain.Zammad.Settings().maxParallel
        package var maxEventAge: Duration?
        package var rejectBlockedCallers = false
        package var tlsCAFile: String?
        package var apiToken: Secret?
        package var agents: Agents = .listed([:])
        package var tickets = Tickets()

        package init(endpoint: Secret) {
            self.endpoint = endpoint
        }

        /// The extensions that the configuration names.
        package var agentExtensions: [String] {
            if case .listed(let agents) = agents { Array(agents.keys) } else { [] }
        }

        /// Extension → Zammad user id, as far as the configuration itself names it.
        package var agentUserIDs: [String: Int] {
            guard case .listed(let agents) = agents else { return [:] }
            return agents.compactMapValues { agent in
                if case .userID(let id) = agent { id } else { nil }
            }
        }

        /// Tickets for calls.
        package struct Tickets: Equatable, Sendable {
            package var creation = TicketQueue.Settings.Creation.off
            package var group = "Users"
            /// `nil`: the templates that are used without.
            package var title: String?
            package var body: String?
            package var createsCustomers = false
            package var mergeWindow: Duration = .seconds(4 * 3600)
            /// Whether Zammad's triggers may write to the customer.
            package var notifiesCustomer = false

            package init() {}

            /// All that may stand in braces in `title` and `body`.
            package static let placeholders = [
                "number", "name", "time", "agent", "queue", "cause", "duration", "call",
            ]
        }

        /// Who the agents of the PBX are in Zammad.
        package enum Agents: Equatable, Sendable {
            /// By extension.
            case listed([String: Agent])
            /// Those whose e-mail address in the PBX is that of a Zammad user.
            case automatic
        }

        package enum Agent: Equatable, Sendable {
            case userID(Int)
            /// To be searched for in Zammad.
            case loginOrMail(String)
        }
    }
}
