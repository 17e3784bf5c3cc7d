package import Adapters
import Domain
package import Ports
package import Wire

/// Plays a fixture in time: its answers over HTTP, its events on the event socket.
package struct FixtureScript: DemoScript {
    private let fixture: Fixture
    private let pace: DemoPace

    /// A bridge that has just begun finds the phone system within this time; a socket that was dropped is back within
    /// it.
    private static let patience: Duration = .seconds(10)

    package init(_ fixture: Fixture, pace: DemoPace) {
        self.fixture = fixture
        self.pace = pace
    }

    package func configuration(
        overrides: [String: [String: JSONValue]]
    ) throws(FixtureConfiguration.Failure) -> EffectiveConfiguration {
        var overrides = overrides
        var bridge = overrides["Bridge"] ?? [:]
        bridge["api"] = .string(fixture.source.interface.api.rawValue)
        bridge["events"] = .bool(fixture.source.hasEvents)
        bridge["poll_interval"] = pace.scaled(0.5, atLeast: 0.02)
        if fixture.source.hasEvents {
            // The whole state in such a fixture is that of its beginning.
            bridge["reconcile_interval"] = .integer(86_400)
        }
        overrides["Bridge"] = bridge
        return try FixtureConfiguration.effective(fixture.config, overrides: overrides)
    }

    package func begin(on phoneSystem: DemoPhoneSystem, _ zammad: DemoZammad) {
        phoneSystem.begin(setup: fixture.setup, hasEvents: fixture.source.hasEvents)
        zammad.setScript(nil)
        if let first = fixture.steps.first { phoneSystem.apply(answers: first.answers) }
    }

    package func play(on phoneSystem: DemoPhoneSystem, _ zammad: DemoZammad) async throws {
        try await pace.wait(upTo: Self.patience) {
            fixture.source.hasEvents ? phoneSystem.hasSocket : phoneSystem.requests > 0
        }
        let first = fixture.steps.first?.milliseconds ?? 0
        let start = pace.now()
        for step in fixture.steps {
            try await pace.wait(step.milliseconds - first, since: start)
            if let answer = step.zammad { zammad.setScript(answer) }
            if let socket = step.socket { phoneSystem.setSocket(open: socket == .open) }
            if !step.events.isEmpty, step.socket == .open {
                try await pace.wait(upTo: Self.patience) { phoneSystem.hasSocket }
            }
            phoneSystem.apply(answers: step.answers, events: step.events)
        }
    }
}
