package import Adapters
import Domain
import FoundationEssentials
package import Ports
package import Wire

/// Plays the demo's office, without an end.
package struct OfficeScript: DemoScript {
    private let pace: DemoPace
    private let seed: UInt64

    /// Until the bridge listens.
    private static let patience: Duration = .seconds(10)

    package init(pace: DemoPace, seed: UInt64 = 1) {
        self.pace = pace
        self.seed = seed
    }

    /// Whom Zammad knows of those who call.
    package static var customers: [ZammadCustomer] { OfficeDirectory.zammadCustomers }

    package func configuration(
        overrides: [String: [String: JSONValue]]
    ) throws(FixtureConfiguration.Failure) -> EffectiveConfiguration {
        let config: [String: JSONValue] = [
            "3CX": [
                "client_id": "demo", "client_secret": "demo", "group": .string(OfficeAnswers.group),
                "country_prefix": 49,
                "number_format": "e164",
                "queue_extension": .array(OfficeDirectory.queues.compactMap { Int64($0.dn).map(JSONValue.integer) }),
            ],
            "Zammad": ["log_missed_queue_calls": true],
        ]
        return try FixtureConfiguration.effective(config, overrides: overrides)
    }

    package func begin(on phoneSystem: DemoPhoneSystem, _ zammad: DemoZammad) {
        phoneSystem.begin(setup: DemoOffice.setup(now: pace.now()), hasEvents: true)
        zammad.setScript(nil)
    }

    package func play(on phoneSystem: DemoPhoneSystem, _ zammad: DemoZammad) async throws {
        try await pace.wait(upTo: Self.patience) { phoneSystem.hasSocket }
        var office = DemoOffice(seed: seed)
        let start = pace.now()
        while let (at, change) = office.next(stamp: { pace.instant($0, since: start) }) {
            try await pace.wait(at, since: start)
            phoneSystem.apply(answers: change.answers, gone: change.gone, events: change.events)
        }
    }
}
