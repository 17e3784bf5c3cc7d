import Domain
import Foundation
import Testing

@testable import Adapters
@testable import Wire

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("The page of simulate", .computing)
struct SimulationPageTests {
    /// What an XML parser makes of it: the page is written so that one can read it.
    private final class Page: NSObject, XMLParserDelegate {
        private(set) var elements: [(name: String, attributes: [String: String])] = []
        private(set) var text = ""
        private(set) var isWellFormed = false

        init(_ html: String) {
            super.init()
            let parser = XMLParser(data: Data(html.utf8))
            parser.delegate = self
            isWellFormed = parser.parse()
        }

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String] = [:]
        ) {
            elements.append((name, attributes))
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

        func count(_ name: String, class style: String) -> Int {
            elements.count {
                $0.name == name && ($0.attributes["class"] ?? "").split(separator: " ").contains(Substring(style))
            }
        }
    }

    @Test(
        "is well formed for every scenario, with all calls, lanes and requests, and nothing from elsewhere",
        arguments: FixtureFolder.names)
    func isWhole(name: String) async throws {
        let report = try await FixtureFolder.report(name)
        let html = SimulationPage.html([report])
        let page = Page(html)
        #expect(page.isWellFormed)
        let stories = CallStory.calls(of: report.result, end: 0)
        #expect(page.count("section", class: "call") == stories.count)
        #expect(page.count("li", class: "same") == report.result.requests.count)
        #expect(page.count("li", class: "ticket") == report.result.tickets.count)
        // One in the list and one on the lane, and one in the legend.
        #expect(page.count("b", class: "same") == report.result.requests.count * 2 + 1)
        #expect(page.count("div", class: "track") >= stories.reduce(0) { $0 + $1.lanes.count })
        #expect(page.count("li", class: "missing") == 0 && page.count("li", class: "surplus") == 0)
        for request in report.result.requests { #expect(page.text.contains(request.payload.callID.text)) }
        #expect(!page.elements.contains { $0.name == "script" })
        for element in page.elements {
            for (key, value) in element.attributes where ["href", "src"].contains(key) {
                #expect(value.hasPrefix("#") || value.hasPrefix("data:"), "\(value)")
            }
        }
        #expect(!html.contains("url(") && !html.contains("@import"))
    }

    @Test("shows who rang, waited and talked, and for how long")
    func story() async throws {
        let report = try await FixtureFolder.report("callcontrol-queue-two-waves")
        let story = try #require(CallStory.calls(of: report.result, end: 90_000).first)
        #expect(story.direction == .inbound && story.number == "+493023125007")
        let queue = try #require(story.lanes.first { $0.dn == "80" })
        #expect(queue.spans.map(\.kind) == [.waiting])
        let agent = try #require(story.lanes.first { $0.dn == "102" })
        #expect(agent.spans.map(\.kind) == [.ringing, .ringing, .talking])
        #expect(agent.spans.last?.from == 23_000 && agent.spans.last?.to == 90_000)
        #expect(agent.spans[0].to < agent.spans[1].from, "the pause between the waves")
    }

    @Test("marks what is missing, what nobody expected, and in which fields they differ")
    func differences() async throws {
        let report = try await FixtureFolder.report("legacy-inbound-missed") { expected in
            expected[1].payload.cause = .forwarded
        }
        #expect(!report.passed)
        let page = Page(SimulationPage.html([report]))
        #expect(page.count("li", class: "missing") == 1 && page.count("li", class: "surplus") == 1)
        #expect(page.elements.count { $0.name == "mark" } == 2, "the cause, on both sides, and nothing else")
        #expect(page.count("details", class: "bad") == 1)
        #expect(page.text.contains("1 of 1 failed"))
    }

    @Test("expected requests of calls that were not seen are shown as well")
    func unseen() async throws {
        let report = try await FixtureFolder.report("legacy-internal") { expected in
            let call = CallCommand(
                event: .newCall,
                callID: CallID(instance: "3cx", pbxCallID: PBXCallID("999"), firstSeen: Instant(milliseconds: 5)),
                at: Instant(milliseconds: 5), direction: .inbound, from: "493023125001", to: "101")
            expected.append(ExpectedRequest(at: 5, payload: ZammadPayload(call)))
        }
        let page = Page(SimulationPage.html([report]))
        #expect(page.text.contains("Calls that were not seen") && page.count("li", class: "missing") == 1)
    }

    @Test(
        "hostile names stay text",
        arguments: [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
            "]]></style><script>",
            "&lt;b&gt;", "\u{202E}evil\u{2066}", "a\u{0}b\u{1B}[31m", "<!--", "\u{FFFE}\u{FFFF}",
        ])
    func hostile(name: String) async throws {
        var fixture = try FixtureFolder.load("legacy-inbound-answered")
        fixture.name = name
        fixture.description = name
        let literal = try FixtureJSON.encode(name)
        for index in fixture.steps.indices {
            for (key, answer) in fixture.steps[index].answers {
                let text = String(decoding: answer.body, as: UTF8.self)
                fixture.steps[index].answers[key]?.body = Array(
                    text.replacing(
                        "John Doe", with: String(String(decoding: literal, as: UTF8.self).dropFirst().dropLast())
                    ).utf8)
            }
        }
        let result = try await FixtureFolder.replay(fixture)
        let report = SimulationReport(path: name, fixture: fixture, result: result, expected: [])
        let html = SimulationPage.html([report])
        let page = Page(html)
        #expect(page.isWellFormed)
        let names = Set(page.elements.map(\.name))
        #expect(names.isDisjoint(with: ["script", "img"]))
        #expect(!page.elements.contains { $0.attributes.keys.contains { $0.hasPrefix("on") } })
        #expect(!html.unicodeScalars.contains("\u{202E}") && !html.unicodeScalars.contains("\u{1B}"))
    }

    @Test("an index leads to all of 150, the failed ones first, which alone are open")
    func index() async throws {
        let good = try await FixtureFolder.report("legacy-inbound-missed")
        let bad = try await FixtureFolder.report("legacy-inbound-missed") { $0.removeLast() }
        let reports = Array(repeating: good, count: 100) + [bad] + Array(repeating: good, count: 49)
        let page = Page(SimulationPage.html(reports))
        #expect(page.isWellFormed)
        let links = page.elements.filter { $0.name == "a" }.compactMap { $0.attributes["href"] }
        #expect(links.count == 150 && links.first == "#f101")
        let ids = Set(page.elements.compactMap { $0.attributes["id"] })
        #expect(links.allSatisfy { ids.contains(String($0.dropFirst())) })
        let open = page.elements.filter {
            $0.name == "details" && $0.attributes["open"] != nil && ($0.attributes["class"] ?? "").contains("fixture")
        }
        #expect(open.count == 1)
    }

    @Test("on a terminal with colours the text is the same but for them, and marks the fields that differ")
    func colours() async throws {
        let report = try await FixtureFolder.report("legacy-inbound-missed") { $0[1].payload.cause = .forwarded }
        let plain = report.text(showsTimeline: true)
        let coloured = report.text(showsTimeline: true, on: TerminalText(hasColours: true))
        #expect(!plain.contains("\u{1B}"))
        #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
        #expect(coloured.contains("\u{1B}[1;4;31m\"cause\": \"forwarded\"\u{1B}[0m"))
        #expect(coloured.contains("\u{1B}[1;4;32m\"cause\": \"cancel\"\u{1B}[0m"))
    }
}
