import Domain
import Ports
import Testing

@testable import Adapters

@Suite("Templates of tickets")
struct TicketTemplatesTests {
    private static let call = EndedCall(
        callID: CallID(text: "3cx-7-1770110101000"), direction: .inbound, number: "493023125001",
        digits: "493023125001", name: "Eva {cause} Beispiel", agent: nil, queue: Station(dn: "816", name: "Support"),
        outcome: .missed, startedAt: Instant(milliseconds: 1_770_110_101_000),
        endedAt: Instant(milliseconds: 1_770_110_186_000))

    @Test("The usual ones say what there is to say, and leave out what there is not")
    func usual() {
        let templates = TicketTemplates()
        #expect(templates.title(Self.call) == "Missed call: +493023125001")
        #expect(
            templates.body(Self.call) == """
                Missed call
                Number: +493023125001
                Name: Eva {cause} Beispiel
                Time: 2026-02-03 09:15:01 UTC
                Duration: 1:25
                Queue: Support
                Call: 3cx-7-1770110101000
                """)
    }

    @Test("Each placeholder is filled once, and what a caller is called is no placeholder")
    func placeholders() {
        let title = BridgeConfiguration.Zammad.Tickets.placeholders.map { "\($0)={\($0)}" }.joined(separator: ";")
        #expect(
            TicketTemplates(title: title).title(Self.call)
                == "number=+493023125001;name=Eva {cause} Beispiel;time=2026-02-03 09:15:01 UTC;agent=;queue=Support;"
                + "cause=Missed call;duration=1:25;call=3cx-7-1770110101000")
        #expect(TicketTemplates(title: "{ {number {x}").title(Self.call) == "{ {number {x}")
    }

    @Test("A line of the body is left out only if it names what is missing")
    func lines() {
        #expect(TicketTemplates(body: "a\n\nAgent: {agent}\n{agent}{queue}\nz").body(Self.call) == "a\n\nz")
    }

    @Test("Where a template is left with nothing, the usual one is taken")
    func empty() {
        let templates = TicketTemplates(title: " {agent} ", body: "{agent}")
        #expect(templates.title(Self.call) == "Missed call: +493023125001")
        #expect(templates.body(Self.call).hasPrefix("Missed call\nNumber: "))
    }

    @Test("A title has one line, and no more than Zammad takes")
    func longTitle() {
        let title = TicketTemplates(title: "a\nb" + String(repeating: "x", count: 300)).title(Self.call)
        #expect(title.count == 250 && !title.contains("\n"))
    }

    @Test(
        "What stands in braces and is no placeholder is found",
        arguments: [
            ("plain", nil), ("{number}", nil), ("{number} {nme}", "nme"), ("{}", ""), ("{number", nil),
            ("a } {cause} {Cause}", "Cause"),
        ] as [(String, String?)])
    func unknown(_ template: String, _ name: String?) {
        #expect(BridgeConfiguration.Zammad.Tickets.unknownPlaceholder(in: template) == name)
    }

    @Test(
        "Each kind of call has its words",
        arguments: [
            (.inbound, .missed, "Missed call"), (.inbound, .abandoned, "Missed call"),
            (.inbound, .voicemail, "Voice message"), (.inbound, .answered, "Call"),
            (.outbound, .answered, "Outgoing call"), (.outbound, .missed, "Outgoing call without an answer"),
        ] as [(CallCommand.Direction, EndedCall.Outcome, String)])
    func causes(_ direction: CallCommand.Direction, _ outcome: EndedCall.Outcome, _ words: String) {
        var call = Self.call
        (call.direction, call.outcome) = (direction, outcome)
        #expect(TicketTemplates(title: "{cause}").title(call) == words)
    }

    @Test(
        "A number is shown as people dial it",
        arguments: [("493023125001", "+493023125001"), ("03023125001", "03023125001"), ("112", "112")])
    func numbers(_ number: String, _ shown: String) {
        var call = Self.call
        call.number = number
        #expect(TicketTemplates(title: "{number}").title(call) == shown)
    }
}
