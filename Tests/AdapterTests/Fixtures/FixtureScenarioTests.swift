import Domain
import Foundation
import Testing

@testable import Adapters

@Suite("Fixtures: the scenarios", .computing)
struct FixtureScenarioTests {
    /// Situations that a helpdesk meets, with the files that show them; a file may not go without another in its place.
    private static let required: [(situation: String, files: [String])] = [
        ("inbound answered", ["legacy-inbound-answered", "callcontrol-inbound-answered", "xapi-inbound-answered"]),
        ("inbound missed", ["legacy-inbound-missed", "callcontrol-inbound-missed", "xapi-inbound-missed"]),
        ("outbound answered", ["legacy-outbound-answered", "callcontrol-outbound-answered", "xapi-outbound-answered"]),
        (
            "outbound not answered",
            ["legacy-outbound-unanswered", "callcontrol-outbound-unanswered", "xapi-outbound-unanswered"]
        ),
        ("outbound by way of the router", ["callcontrol-outbound-early-router"]),
        ("outbound transferred", ["legacy-outbound-transferred", "callcontrol-outbound-transferred-long-grace"]),
        (
            "ring group answered",
            ["legacy-ring-group-answered", "callcontrol-ring-group-answered", "xapi-ring-group-answered"]
        ),
        ("ring group missed", ["legacy-ring-group-missed", "callcontrol-ring-group-missed"]),
        ("queue answered", ["legacy-queue-answered", "callcontrol-queue-answered", "xapi-queue-waiting-answered"]),
        (
            "queue missed, to be logged",
            ["legacy-queue-missed-logged", "callcontrol-queue-missed-logged", "xapi-queue-missed-logged"]
        ),
        (
            "queue missed, not to be logged",
            ["legacy-queue-missed-not-logged", "callcontrol-queue-missed-not-logged", "xapi-queue-missed-not-logged"]
        ),
        ("queue in two waves", ["legacy-queue-two-waves", "callcontrol-queue-two-waves"]),
        ("hidden queue", ["callcontrol-hidden-queue-two-waves", "callcontrol-hidden-queue-missed"]),
        ("queue with greeting", ["legacy-queue-greeting"]),
        ("first status of a queue call", ["legacy-queue-first-status"]),
        ("hunt queue", ["legacy-queue-hunt", "callcontrol-queue-hunt"]),
        (
            "transfer: follow",
            ["legacy-transfer-blind-follow", "callcontrol-transfer-blind-follow", "xapi-transfer-blind-follow"]
        ),
        (
            "transfer: split",
            ["legacy-transfer-blind-split", "callcontrol-transfer-blind-split", "xapi-transfer-blind-split"]
        ),
        ("transfer: ignore", ["legacy-transfer-blind-ignore", "callcontrol-transfer-blind-ignore"]),
        (
            "transfer after asking",
            ["legacy-transfer-consultative", "callcontrol-transfer-consultative", "xapi-transfer-consultative"]
        ),
        ("voicemail", ["legacy-voicemail", "callcontrol-voicemail", "callcontrol-voicemail-hidden"]),
        ("several 3CX", ["legacy-several-pbxs-same-id", "legacy-several-pbxs-one-down", "zammad-several-pbxs"]),
        ("internal", ["legacy-internal", "callcontrol-internal", "xapi-internal"]),
        (
            "talking at the start",
            ["legacy-started-while-talking", "callcontrol-started-while-talking", "xapi-started-while-talking"]
        ),
        ("ringing at the start", ["legacy-started-while-ringing", "callcontrol-started-while-ringing"]),
        ("id reused", ["legacy-id-reused", "callcontrol-id-reused"]),
        (
            "faults in mid-call",
            ["legacy-faults-in-mid-call", "callcontrol-faults-in-mid-call", "xapi-malformed-in-mid-call"]
        ),
        ("unreadable row", ["legacy-unreadable-row", "callcontrol-unreadable-participant", "xapi-unreadable-row"]),
        ("number forms", ["legacy-numbers-national", "legacy-numbers-e164", "legacy-numbers-as-is"]),
        ("odd names", ["legacy-odd-names", "callcontrol-odd-names"]),
        ("unknown status", ["legacy-unknown-status", "callcontrol-unknown-status"]),
        ("extension outside the group", ["legacy-non-member", "legacy-non-member-to-member"]),
        ("duplicates", ["legacy-duplicate-ids", "callcontrol-duplicate-participants", "xapi-queue-two-rows"]),
        (
            "session lost",
            [
                "legacy-login-again-in-mid-call", "callcontrol-token-refused-in-mid-call",
                "xapi-token-refused-in-mid-call",
            ]
        ),
        (
            "permission lost",
            ["callcontrol-forbidden-in-between", "legacy-lists-forbidden", "xapi-forbidden-in-mid-call"]
        ),
        ("group over two pages", ["legacy-group-two-pages"]),
        ("group by name and by number", ["xapi-group-by-name", "xapi-group-by-number", "xapi-no-group"]),
        ("wrong trunk_digits", ["legacy-wrong-trunk-digits"]),
        ("blocked caller", ["zammad-blocked-caller"]),
        ("Zammad down", ["zammad-down-20-seconds"]),
        ("Zammad's reply lost", ["zammad-already-exists", "zammad-hangup-unconfirmed", "zammad-hangup-repeated"]),
        ("call unknown to Zammad", ["zammad-unknown-call"]),
    ]

    @Test("does what Zammad is expected to see", arguments: FixtureFolder.names)
    func passes(name: String) async throws {
        let fixture = try FixtureFolder.load(name)
        let result = try await FixtureFolder.replay(fixture)
        expectSame(result.requests.map(\.line), fixture.expect.map(\.line))
        #expect(result.undelivered == 0 && result.waitingTickets == 0)
        let report = SimulationReport(path: name, fixture: fixture, result: result, expected: fixture.expect)
        #expect(report.passed)
    }

    @Test(
        "has the name of its file, begins with its source and says in a sentence what happens",
        arguments: FixtureFolder.names)
    func isNamed(name: String) throws {
        let fixture = try FixtureFolder.load(name)
        #expect(fixture.name == name)
        #expect(name.hasPrefix("\(fixture.source.rawValue)-") || name.hasPrefix("zammad-"))
        #expect(fixture.description.hasSuffix(".") && fixture.description.count > 40)
        #expect(!fixture.description.dropLast().contains(". "), "one sentence")
    }

    @Test("A situation that a helpdesk meets has its scenarios", arguments: required.map(\.situation))
    func isThere(situation: String) throws {
        let files = try #require(Self.required.first { $0.situation == situation }).files
        for file in files { #expect(FixtureFolder.names.contains(file), "\(file).json is missing") }
    }

    @Test("There are scenarios for many situations, and the folder could be read")
    func areMany() {
        #expect(Self.required.count >= 25)
        #expect(FixtureFolder.names.count >= 34)
    }

    @Test("A replay gives the same moments every time", arguments: FixtureFolder.names)
    func isDeterministic(name: String) async throws {
        let fixture = try FixtureFolder.load(name)
        let first = try await FixtureFolder.replay(fixture)
        let second = try await FixtureFolder.replay(fixture)
        #expect(first == second)
        #expect(!first.moments.isEmpty)
    }

    @Test(
        "Every call that is announced ends, once, and nothing ends that was not announced",
        arguments: FixtureFolder.names)
    func closesEveryEntry(name: String) throws {
        // A probe repeats newCall, a lost reply repeats hangup; these and what is given up are the only exceptions.
        let givenUp: Set = ["zammad-max-event-age"]
        let repeated: Set = ["zammad-hangup-repeated", "zammad-hangup-looked-up-not-stored"]
        guard !givenUp.contains(name) else { return }
        let calls = Dictionary(grouping: try FixtureFolder.load(name).expect.map(\.payload), by: \.callID)
        for (id, events) in calls {
            #expect(events.first?.event == .newCall, "\(id)")
            #expect(events.last?.event == .hangup, "\(id)")
            #expect(events.count { $0.event == .hangup } == (repeated.contains(name) ? 2 : 1), "\(id)")
            #expect(Set(events.map(\.direction)).count == 1, "\(id)")
        }
    }

    @Test(
        "A fixture shows personal data of nobody: numbers are those set aside for fiction",
        arguments: FixtureFolder.names)
    func usesDramaNumbers(name: String) throws {
        let text = try FixtureFolder.text(of: name).replacing(name, with: "")
            .replacing(/\d{4}-\d\d-\d\dT[^"]*/, with: "").replacing(/-\d+-\d{13}(?!\d)/, with: "")
            // Points in time, as tickets have them.
            .replacing(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/, with: "")
            // Extensions from and to, and a name that is made of them.
            .replacing(/\b\d{3}[- ]\d{3}\b/, with: "")
        let numbers = text.matches(of: /\+?\d[\d ()-]{5,}\d/).map(\.output)
        let hasNone = ["internal", "anonymous", "cut-short"].contains { name.contains($0) }
        #expect(!numbers.isEmpty || hasNone)
        for number in numbers {
            // Not every country has set numbers aside: there it is one that only counts.
            let digits = number.filter(\.isNumber)
            #expect(digits.contains("23125") || digits.contains("1234567"), "\(number)")
        }
    }

    @Test("The example in the documentation is a fixture, and passes")
    func isDocumented() async throws {
        let documentation = FixtureFolder.url.deletingLastPathComponent().appending(path: "docs/fixtures.md")
        let lines = try String(contentsOf: documentation, encoding: .utf8).split(separator: "\n")
        let example = lines.drop { $0 != "    {" }.prefix { $0.hasPrefix("    ") }
        let fixture = try FixtureFolder.decode(example.joined(separator: "\n"))
        let result = try await FixtureFolder.replay(fixture)
        #expect(!fixture.expect.isEmpty)
        expectSame(result.requests.map(\.line), fixture.expect.map(\.line))
    }
}
