import Testing

@testable import Domain

@Suite("What Zammad is told of a call")
struct ReportedFieldsTests {
    @Test("one newCall names all who ring in a group")
    func ringGroup() {
        var story = LifecycleStory()
        expectNoDifference(
            story.poll(
                .inbound(.other(.ringGroup, "820", .ringing), .agent("101"), .agent("102"), .agent("103")), at: 0),
            [
                "unknown.ringing -> ringing", "  newCall 3cx-7-0 @0s in 0301234567>820 [Anna,Bert,Cleo]",
                "7: ringing 3cx-7-0 since 0s in 0301234567 at 820",
            ])
        expectNoDifference(
            story.poll(.inbound(.agent("102", .connected)), at: 1),
            [
                "ringing.agentConnected -> answered", "  answer 3cx-7-0 @1s in 0301234567>102 [Bert] a=102",
                "7: answered(102/Bert) 3cx-7-0 since 0s in 0301234567 at 820",
            ])
    }

    @Test("a caller who waits in a queue is no answer; the queue is told, and waves of ringing agents are no news")
    func queue() {
        var story = LifecycleStory { $0.helpdesks = [.default: .init(sendQueue: true)] }
        let waiting = ["7: ringing 3cx-7-0 since 0s in 0301234567 at 800/Support queue 800/Support"]
        expectNoDifference(
            story.poll(.inbound(.queue()), at: 0),
            ["unknown.ringing -> ringing", "  newCall 3cx-7-0 @0s in 0301234567>800 [Support] q=800"] + waiting)
        expectNoDifference(story.poll(.inbound(.queue(), .agent("101")), at: 1), waiting)
        expectNoDifference(story.poll(.inbound(.queue(), .agent("102")), at: 2), waiting)
        expectNoDifference(
            story.poll(.inbound(.queue(), .agent("102", .connected)), at: 3),
            [
                "ringing.agentConnected -> answered", "  answer 3cx-7-0 @3s in 0301234567>102 [Bert] a=102 q=800",
                "7: answered(102/Bert) 3cx-7-0 since 0s in 0301234567 at 800/Support queue 800/Support",
            ])
        expectNoDifference(
            story.poll(at: 4),
            [
                "ending.graceElapsed -> ended",
                "  hangup 3cx-7-0 @4s in 0301234567>102 a=102 q=800 c=normalClearing",
            ])
    }

    @Test("the queue is left out unless it is wanted")
    func queueNotSent() {
        var story = LifecycleStory()
        #expect(story.poll(.inbound(.queue()), at: 0)[1] == "  newCall 3cx-7-0 @0s in 0301234567>800 [Support]")
    }

    @Test("music and menus are no answer", arguments: [LegRole.queue, .ringGroup, .ivr, .other])
    func noAnswer(_ role: LegRole) {
        var story = LifecycleStory()
        let lines = story.poll(.inbound(.other(role, "850")), at: 0)
        #expect(lines.first == "unknown.ringing -> ringing")
        #expect(lines[1] == "  newCall 3cx-7-0 @0s in 0301234567>850 [850]")
    }

    @Test("a call found already answered is told with both its events")
    func lateStart() {
        var story = LifecycleStory { $0.helpdesks = [.default: .init(agentUserIDs: ["101": 7])] }
        expectNoDifference(
            story.poll(.inbound(.queue(), .agent("101", .connected)), at: 0),
            [
                "unknown.agentConnected -> answered", "  newCall 3cx-7-0 @0s in 0301234567>101 [Anna] a=101",
                "  answer 3cx-7-0 @0s in 0301234567>101 [Anna] a=101 u=7",
                "7: answered(101/Anna) 3cx-7-0 since 0s in 0301234567 at 101/Anna queue 800/Support",
            ])
    }

    @Test("an outbound call is told with its agent on newCall, and never with a user on answer")
    func outbound() {
        var story = LifecycleStory { $0.helpdesks = [.default: .init(agentUserIDs: ["101": 7])] }
        expectNoDifference(
            story.poll(.outbound(.agent("101", .dialing)), at: 0),
            [
                "unknown.ringing -> ringing", "  newCall 3cx-7-0 @0s out 101>0301234567 [Anna] a=101",
                "7: ringing 3cx-7-0 since 0s out 0301234567 at 101/Anna",
            ])
        expectNoDifference(
            story.poll(.outbound(.agent("101", .connected)), at: 1),
            [
                "ringing.agentConnected -> answered", "  answer 3cx-7-0 @1s out 101>0301234567 a=101 u=7",
                "7: answered(101/Anna) 3cx-7-0 since 0s out 0301234567 at 101/Anna",
            ])
        expectNoDifference(
            story.poll(.outbound(.agent("102", .connected)), at: 2),
            [
                "answered.otherAgentConnected -> answered", "  answer 3cx-7-0 @2s out 102>0301234567 a=102",
                "7: answered(102/Bert) 3cx-7-0 since 0s out 0301234567 at 101/Anna",
            ])
        expectNoDifference(
            story.poll(at: 3),
            [
                "ending.graceElapsed -> ended",
                "  hangup 3cx-7-0 @3s out 102>0301234567 a=102 c=normalClearing",
            ])
    }

    @Test("an outbound call of a monitored DN that is no agent names that DN as its caller")
    func outboundOfAFax() {
        var story = LifecycleStory()
        #expect(
            story.poll(.outbound(.other(.other, "888", .dialing)), at: 0)[1]
                == "  newCall 3cx-7-0 @0s out 888>0301234567 [888]")
    }

    @Test("an agent without a name is told by extension, and numbers in the wanted form")
    func namesAndNumbers() {
        var story = LifecycleStory {
            $0.instance = "berlin"
            $0.numbers = NumberPlan(countryPrefix: "49", format: .e164)
        }
        #expect(
            story.poll(.inbound(.agent("105")), at: 0)[1] == "  newCall berlin-7-0 @0s in 49301234567>105 [105] a=105")
    }

    @Test("the names of a large group stay within what Zammad stores, or it would refuse the call")
    func manyNames() {
        let legs = (100..<160).map {
            CallLeg(dn: "\($0)", name: "Agent with a long name \($0)", role: .agent, state: .ringing, isMonitored: true)
        }
        var machine = CallLifecycle(settings: CallLifecycle.Settings())
        var diff = SnapshotDiff()
        diff.appeared = [
            ObservedCall(id: "7", direction: .inbound, external: ExternalParty(number: customer), legs: legs)
        ]
        let commands = machine.handle(.observed(diff), at: second(0)).flatMap(\.commands)
        #expect(commands.count == 1)
        let users = commands.first?.users ?? []
        expectNoDifference(users, legs.prefix(users.count).compactMap(\.name))
        #expect(users.joined(separator: ", ").unicodeScalars.count <= 250)
        #expect(users.count == 9)
    }

    @Test("voicemail is told as the name that keeps the entry a to-do, and an agent who takes the call back ends that")
    func voicemail() {
        var story = LifecycleStory()
        _ = story.poll(.inbound(.agent("101")), at: 0)
        #expect(
            story.poll(.inbound(.voicemail()), at: 1)[1] == "  answer 3cx-7-0 @1s in 0301234567>101 [voicemail]")
        #expect(
            story.poll(.inbound(.agent("101", .connected)), at: 2)[1]
                == "  answer 3cx-7-0 @2s in 0301234567>101 [Anna] a=101")
    }
}
