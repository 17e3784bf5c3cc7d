import Domain
import Foundation
import Testing

@testable import Adapters

@Suite("Fixtures: writing expectations", .computing)
struct FixtureRewriteTests {
    private static let request = ExpectedRequest(
        at: 1500,
        payload: ZammadPayload(
            CallCommand(
                event: .hangup, callID: CallID(text: "3cx-1-0"), at: Instant(milliseconds: 0), direction: .inbound,
                from: "493023125001", to: "101", answeringNumber: "101", cause: .cancel)))

    private static let line =
        #"{ "at": 1.5, "event": "hangup", "callId": "3cx-1-0", "direction": "in", "from": "493023125001", "to": "101", "#
        + #""answeringNumber": "101", "cause": "cancel" }"#

    private static let head = #"{"name": "n",  "source":"legacy", "#
    private static let steps = #""steps":[{"at":0,"note":"] } \" , { ["}]"#

    struct Case: Sendable, CustomTestStringConvertible {
        var what: String
        var before: String
        /// With `@` in place of the expectations.
        var after: String

        var testDescription: String { what }
    }

    static let cases: [Case] = [
        Case(
            what: "at the end", before: #"\#(head)"description": "d", \#(steps), "expect": [ ] }"# + "\n",
            after: #"\#(head)"description": "d", \#(steps), "expect": @ }"# + "\n"),
        Case(
            what: "in the middle", before: #"\#(head)"expect" :[],"description":"d"  ,\#(steps)}"#,
            after: #"\#(head)"expect" :@,"description":"d"  ,\#(steps)}"#),
        Case(
            what: "at the beginning",
            before: #"{ "expect": [], "description": "d", "name":"n","source":"legacy",\#(steps)}"#,
            after: #"{ "expect": @, "description": "d", "name":"n","source":"legacy",\#(steps)}"#),
        Case(
            what: "with an old expectation",
            before:
                #"\#(head)"description": "d", "expect": [\#(line), \#(line)],\#(steps)}"#,
            after: #"\#(head)"description": "d", "expect": @,\#(steps)}"#),
        Case(
            what: "of null", before: #"\#(head)"description": "d", "expect": null ,\#(steps)}"#,
            after: #"\#(head)"description": "d", "expect": @ ,\#(steps)}"#),
        Case(
            what: "with a nested key of the same name before it",
            before:
                #"\#(head)"description": "d","steps":[{"at":0,"answers":{"GET /x":{"json":{"expect":[1,{"expect":2}]}}}}],"expect":[]}"#,
            after:
                #"\#(head)"description": "d","steps":[{"at":0,"answers":{"GET /x":{"json":{"expect":[1,{"expect":2}]}}}}],"expect":@}"#
        ),
        Case(
            what: "with a value of the same name",
            before: #"{"name": "expect", "source": "legacy", "description": "expect", \#(steps), "expect": []}"#,
            after: #"{"name": "expect", "source": "legacy", "description": "expect", \#(steps), "expect": @}"#),
        Case(
            what: "with braces, quotes and backslashes in strings",
            before: #"\#(head)"description": "{\"expect\": [}] \\", \#(steps), "expect": []}"#,
            after: #"\#(head)"description": "{\"expect\": [}] \\", \#(steps), "expect": @}"#),
        Case(
            what: "with other scripts, emoji and odd line ends",
            before:
                "\(head)\r\n\t\"description\": \"Zoë 🦊 \u{301}\u{2028}\",\r\n\(steps),\r\n\"expect\":\r\n[]\r\n}\r\n",
            after: "\(head)\r\n\t\"description\": \"Zoë 🦊 \u{301}\u{2028}\",\r\n\(steps),\r\n\"expect\":\r\n@\r\n}\r\n"),
        Case(
            what: "not there yet", before: #"\#(head)"description": "d", \#(steps)}"# + "\n",
            after: #"\#(head)"description": "d", \#(steps),"# + "\n  \"expect\": @\n}\n"),
        Case(
            what: "not there yet, behind a comma", before: #"\#(head)"description": "d", \#(steps) , }"#,
            after: #"\#(head)"description": "d", \#(steps),"# + "\n  \"expect\": @\n}\n"),
        Case(
            what: "not there yet, with a nested key of that name",
            before: #"\#(head)"description": "d", "steps": [{"at":0,"answers":{"GET /x":{"json":{"expect":[]}}}}]  }"#,
            after: #"\#(head)"description": "d", "steps": [{"at":0,"answers":{"GET /x":{"json":{"expect":[]}}}}],"#
                + "\n  \"expect\": @\n}\n"),
    ]

    @Test("keeps everything else to the letter, with the expectation", arguments: cases)
    func keepsTheRest(_ example: Case) throws {
        let value = "[\n    \(Self.line)\n  ]"
        try FixtureFolder.withFile(example.before.utf8) { path in
            try FixtureFile(path: path).rewrite(expect: [Self.request])
            let written = try String(contentsOfFile: path, encoding: .utf8)
            #expect(Array(written.utf8) == Array(example.after.replacing("@", with: value).utf8))
            #expect(try FixtureFile(path: path).fixture.expect == [Self.request])
        }
    }

    @Test("Several expectations stand in lines of their own, and none is an empty list")
    func writesLists() throws {
        let before = #"\#(Self.head)"description": "d", "expect": [1], \#(Self.steps)}"#
            .replacing("[1]", with: "[\(Self.line)]")
        try FixtureFolder.withFile(before.utf8) { path in
            try FixtureFile(path: path).rewrite(expect: [Self.request, Self.request])
            let two = "[\n    \(Self.line),\n    \(Self.line)\n  ]"
            #expect(
                try String(contentsOfFile: path, encoding: .utf8) == before.replacing("[\(Self.line)]", with: two))
            try FixtureFile(path: path).rewrite(expect: [])
            #expect(try String(contentsOfFile: path, encoding: .utf8) == before.replacing("[\(Self.line)]", with: "[]"))
        }
    }

    @Test("Rewriting the committed scenarios with what they expect changes no byte", arguments: FixtureFolder.names)
    func isFormattedAlike(name: String) throws {
        let text = try FixtureFolder.text(of: name)
        try FixtureFolder.withFile(text.utf8) { path in
            let file = try FixtureFile(path: path)
            try file.rewrite(expect: file.fixture.expect)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
        }
    }

    @Test("A request is written as JSON that is read back as the same, whatever its texts hold")
    func survivesOddTexts() throws {
        var request = Self.request
        request.at = 1
        request.payload.user = .several(["Zoë 🦊", "a\"b\\c\n\t\u{1}\u{7F}", "", "{[]}"])
        request.payload.userID = 7
        request.payload.queue = "80"
        let read = try JSONDecoder().decode(ExpectedRequest.self, from: Data(request.line.utf8))
        #expect(read == request)
    }

    @Test("A file that cannot be written is an error with what to do")
    func cannotBeWritten() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "fixture-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let path = folder.appending(path: "a.json").path
        try Data(#"\#(Self.head)"description": "d", \#(Self.steps)}"#.utf8).write(to: URL(filePath: path))
        let file = try FixtureFile(path: path)
        try FileManager.default.removeItem(at: folder)
        let failure = #expect(throws: FixtureFile.Failure.self) { try file.rewrite(expect: []) }
        #expect(
            failure?.description
                == "the fixture cannot be written (No such file or directory) at \(path); check the folder and its permissions"
        )
    }
}
