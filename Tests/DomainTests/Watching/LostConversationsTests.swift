import Testing

@testable import Domain

@Suite("Answered calls without legs")
struct LostConversationsTests {
    private let talks = ObservedCall.inbound(.agent("101", .connected))
    private let rings = ObservedCall.inbound(.agent("102"))

    @Test("are over when a look that began 0.3 s later does not show them")
    func confirmed() {
        var lost = LostConversations()
        #expect(lost.shown([talks], at: second(1)) == false)
        #expect(lost.shown([], at: second(5)) == true)
        #expect(lost.shown([], at: second(5.1)) == false)
        #expect(lost.confirm(byPollBegunAt: second(4.9)) == [], "it began before")
        #expect(lost.confirm(byPollBegunAt: second(5.299)) == [])
        #expect(lost.areConfirmed(byPollBegunAt: second(5.3)))
        #expect(lost.confirm(byPollBegunAt: second(5.3)) == ["7"])
        #expect(lost.isEmpty)
    }

    @Test("are not over when a leg comes, and are looked after again when it goes")
    func cameBack() {
        var lost = LostConversations()
        _ = lost.shown([talks], at: second(1))
        #expect(lost.shown([], at: second(5)) == true)
        #expect(lost.shown([.inbound(.agent("102", .connected))], at: second(5.2)) == false)
        #expect(lost.confirm(byPollBegunAt: second(9)) == [])
        #expect(lost.shown([], at: second(10)) == true)
        #expect(lost.confirm(byPollBegunAt: second(10.2)) == [])
        #expect(lost.confirm(byPollBegunAt: second(10.3)) == ["7"])
    }

    @Test("are none of those that were last seen ringing, waiting or with voicemail: these keep their grace")
    func notTalking() {
        for last in [rings, .inbound(.queue()), .inbound(.voicemail(isMonitored: true))] {
            var lost = LostConversations()
            _ = lost.shown([talks], at: second(1))
            // Transferred, or back in the queue: the next gap may be one between two waves.
            #expect(lost.shown([last], at: second(2)) == false)
            #expect(lost.shown([], at: second(5)) == false)
            #expect(lost.isEmpty)
        }
    }

    @Test("are each judged by their own time")
    func several() {
        let other = ObservedCall.inbound(.agent("103", .connected), id: "8")
        var lost = LostConversations()
        _ = lost.shown([talks, other], at: second(1))
        _ = lost.shown([other], at: second(5))
        _ = lost.shown([], at: second(5.2))
        #expect(lost.confirm(byPollBegunAt: second(5.3)) == ["7"])
        #expect(lost.confirm(byPollBegunAt: second(5.5)) == ["8"])
    }
}
