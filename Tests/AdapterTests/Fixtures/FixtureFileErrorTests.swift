import Foundation
import Testing

@testable import Adapters

@Suite("Fixtures: files that are none", .computing)
struct FixtureFileErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var what: String
        var text: String
        var message: String

        var testDescription: String { what }

        init(_ what: String, _ text: String, _ message: String) {
            self.what = what
            self.text = text
            self.message = message
        }
    }

    /// The keys that every fixture has, but for the steps.
    private static func with(_ rest: String) -> String {
        #"{"name": "n", "description": "d", "source": "legacy", \#(rest)}"#
    }

    private static func answer(_ answer: String) -> String {
        with(#""steps": [{"at": 0, "answers": {"GET /x": \#(answer)}}]"#)
    }

    private static func expecting(_ request: String) -> String {
        with(#""steps": [], "expect": [\#(request)]"#)
    }

    private static let ascend = "the times of the steps must ascend from 0, and end within 604800 s; found"
    private static let byPath = "answers are given by \"GET /path\" or \"POST /path\"; found"

    static let cases: [Case] = [
        Case(
            "an unknown key", with(#""steps": [], "expects": []"#),
            "unknown key \"expects\"; known are name, description, source, looks, config, start, setup, steps, "
                + "expect, changes, tickets"),
        Case(
            "an unknown key of a step", with(#""steps": [{"at": 0, "answer": {}}]"#),
            "unknown key \"answer\"; known are at, answers, zammad, zammads, note, events, socket, pbx in steps[0]"),
        Case(
            "an unknown key of an answer", answer(#"{"body": 1}"#),
            "unknown key \"body\"; known are json, text, status, fault, content_type in steps[0].answers.\"GET /x\""),
        Case(
            "an unknown key of an expectation",
            expecting(
                #"{"at": 1, "event": "answer", "callId": "x", "direction": "in", "from": "1", "to": "2", "que": "8"}"#),
            "unknown key \"que\"; known are at, zammad, event, direction, from, to, user, answeringNumber, queue, cause, callId, "
                + "user_id, call_id in expect[0]"),
        Case(
            "a missing key", #"{"name": "n", "description": "d", "steps": []}"#, "missing key \"source\""),
        Case("a missing time", with(#""steps": [{"at": 0}, {}]"#), "missing key \"at\" in steps[1]"),
        Case(
            "an expectation without id",
            expecting(#"{"at": 1, "event": "answer", "direction": "in", "from": "1", "to": "2"}"#),
            "missing key \"callId\" in expect[0]"),
        Case(
            "json and text", answer(#"{"json": {}, "text": ""}"#),
            "give json or text, not both in steps[0].answers.\"GET /x\".text"),
        Case("times that descend", with(#""steps": [{"at": 2}, {"at": 1.5}]"#), "\(ascend) 1.5 in steps"),
        Case("a time before the start", with(#""steps": [{"at": -1}]"#), "\(ascend) -1.0 in steps"),
        Case("a time after a week", with(#""steps": [{"at": 604801}]"#), "\(ascend) 604801.0 in steps"),
        Case("a huge time", with(#""steps": [{"at": 1e300}]"#), "\(ascend) 1e+300 in steps"),
        Case("a time beyond all numbers", with(#""steps": [{"at": 1e400}]"#), "invalid JSON"),
        Case(
            "a huge time of an expectation",
            expecting(#"{"at": 1e18, "event": "answer", "callId": "x", "direction": "in", "from": "1", "to": "2"}"#),
            "at must be 0 to 1000000 seconds since the start in expect[0].at"),
        Case(
            "a Zammad without a name", with(#""steps": [{"at": 0, "zammads": {"": {}, "(default)": {}}}]"#),
            "a name is never empty in steps[0].zammads"),
        Case(
            "a path without method", with(#""steps": [{"at": 0, "answers": {"/api/activeCalls": {}}}]"#),
            "\(byPath) \"/api/activeCalls\" in steps"),
        Case(
            "a path with another method", with(#""setup": {"PUT /x": {}}, "steps": []"#),
            "\(byPath) \"PUT /x\" in steps"),
        Case(
            "a source that is none", #"{"name": "n", "description": "d", "source": "sip", "steps": []}"#,
            "unknown value \"sip\"; known are legacy, callcontrol, callcontrol-events, xapi, v20 in source"),
        Case(
            "a fault that is none", with(#""steps": [{"at": 0, "zammad": {"fault": "dns"}}]"#),
            "unknown value \"dns\"; known are timeout, refused, reset in steps[0].zammad.fault"),
        Case(
            "an event that is none",
            expecting(#"{"at": 1, "event": "newcall", "callId": "x", "direction": "in", "from": "1", "to": "2"}"#),
            "unknown value \"newcall\"; known are newCall, answer, hangup in expect[0].event"),
        Case(
            "a cause that is none",
            expecting(
                #"{"at": 1, "event": "hangup", "callId": "x", "direction": "in", "from": "1", "to": "2", "cause": "busy"}"#
            ),
            "unknown value \"busy\"; known are normalClearing, voicemail, cancel, forwarded in expect[0].cause"),
        Case(
            "a status that is none", answer(#"{"status": 99}"#),
            "status must be 100 to 599 in steps[0].answers.\"GET /x\".status"),
        Case(
            "a start before 1970", with(#""start": -1, "steps": []"#), "start must be milliseconds since 1970 in start"),
        Case("a start as text", with(#""start": "2026", "steps": []"#), "a value of the wrong type in start"),
        Case("steps of the wrong type", with(#""steps": {}"#), "a value of the wrong type in steps"),
        Case("a time as text", with(#""steps": [{"at": "0"}]"#), "a value of the wrong type in steps[0].at"),
        Case("a config of the wrong type", with(#""config": [], "steps": []"#), "a value of the wrong type in config"),
        Case(
            "a description of null", #"{"name": "n", "description": null, "steps": []}"#,
            "a value of the wrong type in description"),
        Case("a list", "[]", "a value of the wrong type"),
        Case("null", "null", "a value of the wrong type"),
        Case("text", "hello", "invalid JSON"),
        Case("nothing", "", "invalid JSON"),
        Case("a truncated file", with(#""steps": ["#).dropLast().description, "invalid JSON"),
        Case("deep nesting", String(repeating: "[", count: 100_000), "invalid JSON"),
    ]

    @Test("is refused with what is wrong, where, and where to read on", arguments: cases)
    func isRefused(_ example: Case) throws {
        try FixtureFolder.withFile(example.text.utf8) { path in
            let failure = #expect(throws: FixtureFile.Failure.self) { try FixtureFile(path: path) }
            #expect(failure?.description == "\(example.message) at \(path); docs/fixtures.md describes the format")
        }
    }

    @Test("A file that is not UTF-8 is refused with what to do")
    func isNotUTF8() throws {
        try FixtureFolder.withFile(Array(#"{"name": "M"#.utf8) + [0xFC] + Array(#"ller"}"#.utf8)) { path in
            let failure = #expect(throws: FixtureFile.Failure.self) { try FixtureFile(path: path) }
            #expect(failure?.description == "the fixture is not UTF-8 text at \(path); save it as UTF-8")
        }
    }

    @Test("A path that leads nowhere or to a folder is refused with what to do")
    func isNoFile() {
        let missing = #expect(throws: FixtureFile.Failure.self) { try FixtureFile(path: "/nowhere/a.json") }
        #expect(missing?.description == "the fixture does not exist at /nowhere/a.json; check the path")
        let folder = #expect(throws: FixtureFile.Failure.self) { try FixtureFile(path: "/") }
        #expect(folder?.description == "the fixture is a directory at /; check the path")
    }

    @Test(
        "A config that the daemon would refuse is refused with its problem",
        arguments: [
            (#"{"3CX": {"groop": "x"}}"#, "unknown key \"groop\" in section 3CX"),
            (#"{"3cx": {}}"#, "unknown section \"3cx\""),
            (#"{"3CX": 7}"#, "section 3CX of config must be an object or a list of objects"),
            (#"{"3CX": []}"#, "3CX"),
            (#"{"Bridge": {"transfers": "both"}}"#, "transfers"),
        ])
    func hasBadConfig(config: String, problem: String) throws {
        let fixture = try FixtureFolder.decode(Self.with(#""config": \#(config), "steps": []"#))
        let failure = #expect(throws: FixtureReplay.Failure.self) { try FixtureReplay(fixture) }
        #expect(failure?.description.contains(problem) == true)
    }

    @Test(
        "Steps that do not say which of several 3CX they are about are refused",
        arguments: [
            (#""legacy""#, "{}", "the step at 3.0 s names none of several phone systems: give pbx"),
            (#""legacy""#, #"{"pbx": "east"}"#, "the steps name a phone system east that config does not have"),
            (#""v20""#, #"{"pbx": "north"}"#, "several phone systems can only be polled"),
        ])
    func namesNoPhoneSystem(source: String, step: String, problem: String) throws {
        let step = step == "{}" ? #"{"at": 3}"# : #"{"at": 3, \#(step.dropFirst())"#
        let fixture = try FixtureFolder.decode(
            #"{"name": "n", "description": "d", "source": \#(source), "steps": [\#(step)], "#
                + #""config": {"3CX": [{"name": "north", "extension_digits": 3}, {"name": "south", "extension_digits": 3}]}}"#
        )
        let failure = #expect(throws: FixtureReplay.Failure.self) { try FixtureReplay(fixture) }
        #expect(failure?.description.contains(problem) == true, "\(failure?.description ?? "none")")
    }

    @Test("What is left out has its default: a start, a working login, an answer of 200 in JSON")
    func hasDefaults() async throws {
        let fixture = try FixtureFolder.decode(answer: #"{"json": {"list": []}}"#)
        #expect(fixture.start == Fixture.defaultStart)
        #expect(fixture.expect.isEmpty && fixture.config.isEmpty && fixture.setup.isEmpty)
        let scripted = try #require(fixture.steps.first?.answers["GET /api/activeCalls"])
        #expect(scripted == ScriptedAnswer(body: Array(#"{"list":[]}"#.utf8)))
        let result = try await FixtureFolder.replay(fixture)
        let failed = result.moments.contains { if case .pollFailed = $0.kind { true } else { false } }
        #expect(!failed)
    }

    @Test("An answer goes out with the status, the content type and the text that the file gives")
    func keepsAnswers() throws {
        let fixture = try FixtureFolder.decode(
            answer: #"{"status": 502, "content_type": "text/html", "text": "<b>\u00fc</b>"}"#)
        let scripted = try #require(fixture.steps.first?.answers["GET /api/activeCalls"])
        #expect(scripted == ScriptedAnswer(status: 502, contentType: "text/html", body: Array("<b>ü</b>".utf8)))
    }
}

extension FixtureFolder {
    fileprivate static func decode(answer: String) throws -> Fixture {
        try decode(
            #"{"name": "n", "description": "d", "source": "legacy", "steps": [{"at": 0, "answers": {"GET /api/activeCalls": "#
                + answer + "}}]}")
    }
}
