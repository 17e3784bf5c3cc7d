import Ports
import Testing

@testable import Adapters

@Suite("Between two readings of the configuration")
struct ConfigurationChangeTests {
    private static let first = """
        Bridge:
          poll_interval: 0.5
        3CX:
          host: https://pbx.example.com
          client_id: bridge
          client_secret: one
          queue_extension: 816
        Zammad:
          endpoint: https://zammad.example.com/api/v1/cti/one
          agents: {101: 7}
        """

    private func load(_ text: String) async throws -> EffectiveConfiguration {
        try await ProgramFolder.with { folder in
            try YAMLConfigurationSource(path: folder.write("config.yaml", text), environment: [:]).load()
        }
    }

    private func changes(_ edits: [(String, String)]) async throws -> [ConfigurationChange] {
        let text = edits.reduce(Self.first) { $0.replacing($1.0, with: $1.1) }
        return ConfigurationChange.between(try await load(Self.first), try await load(text))
    }

    @Test("nothing has changed where only the text has")
    func nothing() async throws {
        #expect(try await changes([("poll_interval: 0.5", "# a remark\n  poll_interval: 500ms")]).isEmpty)
        let usual = "{101: 7}\n  tickets: {group: Users, create: off}"
        #expect(try await changes([("{101: 7}", usual)]).isEmpty)
        let two = try await load(Self.first.replacing("{101: 7}", with: "{101: 7, 102: 8}"))
        let turned = try await load(Self.first.replacing("{101: 7}", with: "{102: 8, 101: 7}"))
        #expect(ConfigurationChange.between(two, turned).isEmpty)
    }

    @Test("each key that differs is told with both values, in the order of the documentation")
    func values() async throws {
        let found = try await changes([("{101: 7}", "{101: 7, 102: 12}"), ("816", "[816, 817]"), ("0.5", "1")])
        expectSame(
            found,
            [
                .init(key: "Bridge.poll_interval", old: "0.5", new: "1", needsRestart: false),
                .init(key: "3CX.queue_extension", old: "[816]", new: "[816, 817]", needsRestart: false),
                .init(key: "Zammad.agents", old: "{101: 7}", new: "{101: 7, 102: 12}", needsRestart: false),
            ])
    }

    @Test("of a secret is told only that it has changed")
    func secrets() async throws {
        let found = try await changes([("secret: one", "secret: two"), ("cti/one", "cti/two")])
        expectSame(
            found,
            [
                .init(key: "3CX.client_secret", old: nil, new: nil, needsRestart: false),
                .init(key: "Zammad.endpoint", old: nil, new: nil, needsRestart: false),
            ])
    }

    @Test("every secret that has changed is told")
    func everySecret() async throws {
        let keys = ConfigurationKeys.all.filter(\.isSecret)
        func load(_ value: String) async throws -> EffectiveConfiguration {
            let lines = Dictionary(grouping: keys, by: \.section).map { section, keys in
                let values = keys.map { key in
                    "\(key.name): \(key.name == "endpoint" ? "https://z.example/api/v1/cti/" : "")\(value)"
                }
                let more =
                    section == .phoneSystem ? ["host: https://pbx.example", "user: a", "client_id: b", "group: c"] : []
                return "\(section.rawValue): {\((values + more).joined(separator: ", "))}"
            }
            return try await self.load(lines.joined(separator: "\n"))
        }
        let changes = ConfigurationChange.between(
            try await load("0123456789abcdef"), try await load("fedcba9876543210"))
        #expect(changes.map(\.key) == keys.map(\.path) && changes.allSatisfy { $0.old == nil && $0.new == nil })
    }

    @Test(
        "a status token goes at once where only this machine reaches the page, and else with the address, at a restart",
        arguments: ["127.0.0.1:9315", "0.0.0.0:9315"])
    func statusToken(listen: String) async throws {
        let running = try await load(
            Self.first.replacing(
                "Bridge:", with: "Bridge:\n  status_token: 0123456789abcdef\n  status_listen: \"\(listen)\""))
        let read = try await load(Self.first)
        let next = read.keepingWhatNeedsRestart(of: running)
        let isKept = listen.hasPrefix("0")
        #expect(next.configuration.bridge.statusToken == (isKept ? Secret("0123456789abcdef") : nil))
        let change = ConfigurationChange.between(running, read).first { $0.key == "Bridge.status_token" }
        #expect(change?.needsRestart == isKept)
        let told = ConfigurationChange.between(next, read).map(\.key)
        #expect(told.contains("Bridge.status_token") == isKept, "\(told)")
    }

    @Test("what needs a restart keeps its value until then, and is told again")
    func restart() async throws {
        let running = try await load(Self.first)
        let text = Self.first.replacing("poll_interval: 0.5", with: "poll_interval: 1\n  instance: other")
        let read = try await load(text)
        let next = read.keepingWhatNeedsRestart(of: running)
        #expect(next.configuration.bridge.instance == "3cx")
        #expect(next.configuration.bridge.pollInterval == .seconds(1))
        expectSame(
            ConfigurationChange.between(next, read),
            [.init(key: "Bridge.instance", old: "3cx", new: "other", needsRestart: true)])
        expectSame(
            ConfigurationChange.between(running, next),
            [.init(key: "Bridge.poll_interval", old: "0.5", new: "1", needsRestart: false)])
    }
}
