import Adapters
import Testing

@Suite("The command simulate", .timeLimit(.minutes(10)))
struct SimulateCommandTests {
    private func fixture(expect: String) -> String {
        let rows = { (status: String) in
            #"{"list": [{"Id": 21, "Caller": "10001 SIP-Trunk (+493023125001)", "Callee": "101 Anna", "Status": "\#(status)"}]}"#
        }
        return """
            {
              "name": "answered",
              "description": "a customer calls and is answered",
              "source": "legacy",
              "config": {"3CX": {"queue_extension": 816, "extension_digits": 3, "trunk_digits": 5, "country_prefix": 49,
                "group": "Support"}},
              "setup": {
                "GET /api/GroupList": {"json": {"list": [{"Id": 41, "Name": "Support"}]}},
                "POST /api/GroupList/set": {"json": {"Id": 7, "ActiveObject": {"Members": {"count": 1, "selected":
                  [{"Id": 100, "Number": {"_value": "101"}, "FirstName": {"_value": "Anna"}, "LastName": {"_value": ""}}]}}}}
              },
              "steps": [
                {"at": 0, "answers": {"GET /api/activeCalls": {"json": \(rows("Routing"))}}},
                {"at": 2, "answers": {"GET /api/activeCalls": {"json": \(rows("Talking"))}}},
                {"at": 9.5, "answers": {"GET /api/activeCalls": {"json": {"list": []}}}}
              ],
              "expect": [\(expect)]
            }

            """
    }

    private var right: String {
        let id = #""callId": "3cx-21-1770110100000", "direction": "in", "from": "03023125001", "to": "101""#
        return """
            { "at": 0, "event": "newCall", \(id), "user": "Anna", "answeringNumber": "101" },
                { "at": 2, "event": "answer", \(id), "user": "Anna", "answeringNumber": "101" },
                { "at": 9.5, "event": "hangup", \(id), "answeringNumber": "101", "cause": "normalClearing" }
            """
    }

    private var wrong: String { right.replacing(#""cause": "normalClearing""#, with: #""cause": "cancel""#) }

    @Test("ends with 0 when all is as expected, and shows the story")
    func good() async throws {
        try await ProgramFolder.with { folder in
            let path = try folder.write("good.json", fixture(expect: right))
            let output = try await BridgeProcess.run(["simulate", path], in: folder)
            #expect(output.exit == .code(0), "\(output)")
            #expect(output.messages.isEmpty)
            #expect(output.data.contains("✓ answered (legacy)") && output.data.hasSuffix("1 passed, 0 failed\n"))
            #expect(output.data.contains("→ newCall"))
            let quiet = try await BridgeProcess.run(["simulate", "--quiet", path], in: folder)
            #expect(quiet.exit == .code(0) && !quiet.data.contains("→ newCall"))
        }
    }

    @Test("ends with 1 when something differs, and shows what")
    func failing() async throws {
        try await ProgramFolder.with { folder in
            let good = try folder.write("good.json", fixture(expect: right))
            let bad = try folder.write("bad.json", fixture(expect: wrong))
            let output = try await BridgeProcess.run(["simulate", good, bad], in: folder)
            #expect(output.exit == .code(1))
            #expect(output.data.hasSuffix("1 passed, 1 failed\n"))
            let lines = output.data.split(separator: "\n").map { $0.drop { $0 == " " } }
            #expect(lines.contains { $0.hasPrefix("- ") && $0.contains(#""cause": "cancel""#) })
            #expect(lines.contains { $0.hasPrefix("+ ") && $0.contains(#""cause": "normalClearing""#) })
            #expect(try folder.read("bad.json") == fixture(expect: wrong), "nothing is written unasked")
        }
    }

    @Test("--update writes what happened, after which all is as expected")
    func update() async throws {
        try await ProgramFolder.with { folder in
            let path = try folder.write("bad.json", fixture(expect: wrong))
            let output = try await BridgeProcess.run(["simulate", "--update", path], in: folder)
            #expect(output.exit == .code(0) && output.messages == "updated \(path)\n")
            let written = try LoopbackJSON(text: folder.read("bad.json"))
            #expect(written == (try LoopbackJSON(text: fixture(expect: right))))
            let again = try await BridgeProcess.run(["simulate", "--update", path], in: folder)
            #expect(again.exit == .code(0) && again.messages.isEmpty)
            #expect(try LoopbackJSON(text: folder.read("bad.json")) == written)
        }
    }

    @Test("--format json prints one document")
    func json() async throws {
        try await ProgramFolder.with { folder in
            let good = try folder.write("good.json", fixture(expect: right))
            let bad = try folder.write("bad.json", fixture(expect: wrong))
            let output = try await BridgeProcess.run(["simulate", "--format", "json", good, bad], in: folder)
            #expect(output.exit == .code(1))
            let document = try LoopbackJSON(text: output.data)
            #expect(document["passed"] == 1 && document["failed"] == 1)
            #expect(document["scenarios"]?[0]?["passed"] == true && document["scenarios"]?[1]?["passed"] == false)
            #expect(document["scenarios"]?[1]?["differences"]?.elements?.isEmpty == false)
            #expect(document["scenarios"]?[0]?["requests"]?.elements?.count == 3)
        }
    }

    @Test("ends with 65 for what is no fixture, and plays the others all the same")
    func garbage() async throws {
        try await ProgramFolder.with { folder in
            let good = try folder.write("good.json", fixture(expect: right))
            try folder.write("garbage.json", "no JSON at all")
            try folder.write("list.json", "[]")
            try folder.write("empty.json", "")
            let misspelt = fixture(expect: right).replacing(#""name""#, with: #""nmae": 1, "name""#)
            try folder.write("unknown.json", misspelt)
            for name in ["missing.json", ".", "garbage.json", "list.json", "empty.json", "unknown.json"] {
                let output = try await BridgeProcess.run(["simulate", folder.path(name), good], in: folder)
                #expect(output.exit == .code(65), "\(name)")
                #expect(output.messages.hasPrefix("error: ") && output.messages.contains(folder.path(name)))
                #expect(output.data.hasSuffix("1 passed, 0 failed\n"))
            }
            #expect(try await BridgeProcess.run(["simulate"], in: folder).exit == .code(64))
        }
    }
}
