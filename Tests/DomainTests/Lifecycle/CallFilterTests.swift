import Testing

@testable import Domain

@Suite("A call that the operator does not want to see")
struct CallFilterTests {
    private func states(_ call: ObservedCall, _ change: (inout CallFilter) -> Void) -> [String] {
        var story = LifecycleStory {
            $0.numbers = NumberPlan(countryPrefix: "49", format: .e164)
            change(&$0.filter)
        }
        return story.poll(call, at: 0)
    }

    private static func patterns(_ texts: String...) -> [NumberPattern] { texts.compactMap { NumberPattern($0) } }

    private static func outside(_ text: String) -> [NumberPattern] {
        [NumberPattern(outside: text, NumberPlan(countryPrefix: "49", format: .e164))].compactMap { $0 }
    }

    private func isReported(_ call: ObservedCall, _ change: (inout CallFilter) -> Void) -> Bool {
        states(call, change).first == "unknown.ringing -> ringing"
    }

    @Test("touches only extensions that are left out")
    func extensions() {
        let rings = ObservedCall.inbound(.agent("101"))
        #expect(
            states(rings) { $0.exclude = Self.patterns("100-105") }
                == ["unknown.irrelevant -> ignored", "7: ignored(excludedExtension)"])
        #expect(!isReported(rings) { $0.include = Self.patterns("102", "2*") })
        #expect(isReported(rings) { $0.include = Self.patterns("10*") })
        #expect(!isReported(rings) { ($0.include, $0.exclude) = (Self.patterns("10*"), Self.patterns("101")) })
        #expect(isReported(.inbound(.agent("101"), .agent("102"))) { $0.exclude = Self.patterns("101") })
    }

    @Test("is not chosen by queues, unless these are excluded by name")
    func queues() {
        let waits = ObservedCall.inbound(.queue())
        #expect(isReported(waits) { $0.include = Self.patterns("101") })
        #expect(!isReported(waits) { $0.exclude = Self.patterns("800") })
    }

    @Test("is of a number that is ignored, however it is written, in either direction")
    func numbers() {
        for number in ["0171555123", "+49171555123", "0049 171 555123"] {
            #expect(
                states(.inbound(.agent("101"), from: number)) { $0.ignoredNumbers = Self.outside("0171*") }
                    == ["unknown.irrelevant -> ignored", "7: ignored(ignoredNumber)"])
        }
        #expect(
            !isReported(.outbound(.agent("101", .dialing), to: "0171555123")) {
                $0.ignoredNumbers = Self.outside("+49171555123")
            })
        #expect(isReported(.inbound(.agent("101"), from: "0172555123")) { $0.ignoredNumbers = Self.outside("0171*") })
    }

    @Test("is of a caller who shows no number")
    func anonymous() {
        let caller = ObservedCall.inbound(.agent("101"), from: nil)
        #expect(
            states(caller) { $0.reportsAnonymous = false }
                == ["unknown.irrelevant -> ignored", "7: ignored(anonymousCaller)"])
        #expect(!isReported(.inbound(.agent("101"), from: "anonymous")) { $0.reportsAnonymous = false })
        #expect(isReported(caller) { _ in })
        let outgoing = states(.outbound(.agent("101", .dialing), to: nil)) { $0.reportsAnonymous = false }
        #expect(outgoing.first == "unknown.routed -> dialled", "it waits for its number, and is not left out")
    }

    @Test("is reported once it reaches somebody who counts, or shows a number, and then to its end")
    func becomesRelevant() {
        var story = LifecycleStory {
            $0.filter.exclude = Self.patterns("101")
            $0.filter.reportsAnonymous = false
        }
        #expect(story.poll(.inbound(.agent("101"), from: nil), at: 0).last == "7: ignored(excludedExtension)")
        #expect(story.poll(.inbound(.agent("102"), from: nil), at: 1).last == "7: ignored(anonymousCaller)")
        #expect(story.poll(.inbound(.agent("102")), at: 2).first == "ignored.ringing -> ringing")
        #expect(
            story.poll(.inbound(.agent("101", .connected)), at: 3).prefix(2)
                == ["ringing.agentConnected -> answered", "  answer 3cx-7-2000 @3s in 0301234567>101 [Anna] a=101"])
    }
}
