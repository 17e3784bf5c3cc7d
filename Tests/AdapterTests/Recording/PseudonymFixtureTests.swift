import Domain
import Foundation
import Ports
import Testing

@testable import Adapters
@testable import Wire

/// Each scenario of the project as if it had been recorded: with pseudonyms the bridge tells the same story of other
/// people.
@Suite("Pseudonyms leave the decisions as they are", .computing)
struct PseudonymFixtureTests {
    /// In these the story hangs on how a name is written, which a pseudonym does not keep: half a character in it, a
    /// name of one word, and one that ends with a number in parentheses.
    private static let otherStories: Set = [
        "xapi-unreadable-row-for-long", "xapi-unreadable-row-after-outage",
        "zammad-backlog-late-answers", "legacy-extension-name-ends-with-number",
    ]

    @Test(
        "in every scenario, up to the new names", arguments: FixtureFolder.names.filter { !otherStories.contains($0) })
    func sameStory(name: String) async throws {
        let fixture = try FixtureFolder.load(name)
        var pseudonyms = Pseudonymiser(
            try FixtureConfiguration.effective(fixture.config).configuration,
            key: PseudonymNumberKey(first: 7, second: 11))
        pseudonyms.learn(Self.answers(fixture), frames: try Self.frames(fixture))
        var replaced = fixture
        replaced.setup = try Self.replaced(fixture.setup, &pseudonyms)
        for index in replaced.steps.indices {
            replaced.steps[index].answers = try Self.replaced(fixture.steps[index].answers, &pseudonyms)
            replaced.steps[index].events = try fixture.steps[index].events.map {
                pseudonyms.frame(try FixtureJSON.encode($0))
            }
        }
        replaced.config = Self.replaced(fixture.config, &pseudonyms)
        let configuration = try FixtureConfiguration.effective(fixture.config).configuration
        if !configuration.phoneSystem.ignoredNumbers.isEmpty {
            var system = try #require(replaced.config["3CX"]?.members)
            system["ignore_numbers"] = .array(pseudonyms.ignoredNumbers(configuration).map { .string($0) })
            replaced.config["3CX"] = .object(system)
        }
        var actual = try await FixtureFolder.replay(replaced).requests
        let shown = Set(actual.flatMap { [$0.payload.from, $0.payload.to] })
        var expected = try await FixtureFolder.replay(fixture).requests.map { renamed($0, shown, &pseudonyms) }
        // Numbers in the rules that choose a Zammad are no part of a recording.
        if configuration.zammads.contains(where: { !$0.match.dids.isEmpty }) {
            for index in expected.indices { expected[index].zammad = .default }
            for index in actual.indices { actual[index].zammad = .default }
        }
        expectSame(actual.map(\.line), expected.map(\.line))
    }

    private func renamed(
        _ request: ExpectedRequest, _ shown: Set<String>, _ pseudonyms: inout Pseudonymiser
    ) -> ExpectedRequest {
        var request = request
        request.payload.from = renamed(request.payload.from, shown, &pseudonyms)
        request.payload.to = renamed(request.payload.to, shown, &pseudonyms)
        switch request.payload.user {
        case .one(let name)?: request.payload.user = .one(renamed(name, &pseudonyms))
        case .several(let names)?: request.payload.user = .several(names.map { renamed($0, &pseudonyms) })
        case nil: break
        }
        request.payload.queue = request.payload.queue.map { pseudonyms.names($0, .group) }
        return request
    }

    /// Digits with another country's code may be those of another number when no plus says so.
    private func renamed(_ number: String, _ shown: Set<String>, _ pseudonyms: inout Pseudonymiser) -> String {
        let pseudonym = pseudonyms.number(number)
        return shown.contains(pseudonym) ? pseudonym : String(pseudonyms.number("+\(number)").dropFirst())
    }

    private func renamed(_ name: String, _ pseudonyms: inout Pseudonymiser) -> String {
        // The bridge's own word for whatever 3CX calls it.
        name == "voicemail" ? name : pseudonyms.party(name)
    }

    private static func answers(_ fixture: Fixture) -> [(key: String, answer: RecordedAnswer)] {
        ([fixture.setup] + fixture.steps.map(\.answers)).flatMap { answers in
            answers.sorted { $0.key < $1.key }.map { (key: $0.key, answer: RecordedAnswer($0.value)) }
        }
    }

    private static func frames(_ fixture: Fixture) throws -> [[UInt8]] {
        try fixture.steps.flatMap(\.events).map { try FixtureJSON.encode($0) }
    }

    private static func replaced(
        _ answers: [String: ScriptedAnswer], _ pseudonyms: inout Pseudonymiser
    ) throws -> [String: ScriptedAnswer] {
        var result: [String: ScriptedAnswer] = [:]
        for (key, answer) in answers.sorted(by: { $0.key < $1.key }) {
            var answer = answer
            switch pseudonyms.body(RecordedAnswer(answer), key: key) {
            case .json(let value): answer.body = try FixtureJSON.encode(value)
            case .text(let text): answer.body = Array(text.utf8)
            }
            result[pseudonyms.key(key)] = answer
        }
        return result
    }

    private static func replaced(
        _ config: [String: JSONValue], _ pseudonyms: inout Pseudonymiser
    ) -> [String: JSONValue] {
        var config = config
        if let systems = config["3CX"]?.elements {
            config["3CX"] = .array(systems.map { replaced($0, &pseudonyms) })
        } else if let system = config["3CX"] {
            config["3CX"] = replaced(system, &pseudonyms)
        }
        return config
    }

    /// One phone system of the configuration.
    private static func replaced(_ phoneSystem: JSONValue, _ pseudonyms: inout Pseudonymiser) -> JSONValue {
        guard var system = phoneSystem.members else { return phoneSystem }
        for key in ["group", "queue_extension"] {
            switch system[key] {
            case .string(let text)?: system[key] = .string(pseudonyms.names(text, .group))
            case .array(let elements)?:
                system[key] = .array(elements.map { $0.string.map { .string(pseudonyms.names($0, .group)) } ?? $0 })
            default: break
            }
        }
        return .object(system)
    }
}

extension RecordedAnswer {
    fileprivate init(_ answer: ScriptedAnswer) {
        self.init(status: answer.status, contentType: answer.contentType, body: answer.body)
        fault = answer.fault
    }
}
