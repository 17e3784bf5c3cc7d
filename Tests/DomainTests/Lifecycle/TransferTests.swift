import Testing

@testable import Domain

@Suite("A transfer")
struct TransferTests {
    private static let agents = ["101", "102", "103"]

    /// Anna, then Bert, then Cleo has the call; it ends in the fourth second.
    private func chain(_ transfers: TransferPolicy) -> [[String]] {
        var story = LifecycleStory { $0.transfers = transfers }
        var lines = Self.agents.enumerated().map { index, agent in
            story.poll(.inbound(.agent(agent, .connected)), at: Double(index))
        }
        lines.append(story.poll(at: 3))
        return lines
    }

    private let arrival = [
        "unknown.agentConnected -> answered", "  newCall 3cx-7-0 @0s in 0301234567>101 [Anna] a=101",
        "  answer 3cx-7-0 @0s in 0301234567>101 [Anna] a=101",
        "7: answered(101/Anna) 3cx-7-0 since 0s in 0301234567 at 101/Anna",
    ]

    @Test("is followed by an answer that names each agent in turn")
    func follow() {
        expectNoDifference(
            chain(.follow),
            [
                arrival,
                [
                    "answered.otherAgentConnected -> answered", "  answer 3cx-7-0 @1s in 0301234567>102 [Bert] a=102",
                    "7: answered(102/Bert) 3cx-7-0 since 0s in 0301234567 at 101/Anna",
                ],
                [
                    "answered.otherAgentConnected -> answered", "  answer 3cx-7-0 @2s in 0301234567>103 [Cleo] a=103",
                    "7: answered(103/Cleo) 3cx-7-0 since 0s in 0301234567 at 101/Anna",
                ],
                [
                    "ending.graceElapsed -> ended",
                    "  hangup 3cx-7-0 @3s in 0301234567>103 a=103 c=normalClearing",
                ],
            ])
    }

    @Test("can split the call into one row for each agent")
    func split() {
        expectNoDifference(
            chain(.split),
            [
                arrival,
                [
                    "answered.otherAgentConnected -> answered",
                    "  hangup 3cx-7-0 @1s in 0301234567>101 a=101 c=forwarded",
                    "  newCall 3cx-7-1000 @1s in 0301234567>102 [Bert] a=102",
                    "  answer 3cx-7-1000 @1s in 0301234567>102 [Bert] a=102",
                    "7: answered(102/Bert) 3cx-7-1000 since 1s in 0301234567 at 102/Bert",
                ],
                [
                    "answered.otherAgentConnected -> answered",
                    "  hangup 3cx-7-1000 @2s in 0301234567>102 a=102 c=forwarded",
                    "  newCall 3cx-7-2000 @2s in 0301234567>103 [Cleo] a=103",
                    "  answer 3cx-7-2000 @2s in 0301234567>103 [Cleo] a=103",
                    "7: answered(103/Cleo) 3cx-7-2000 since 2s in 0301234567 at 103/Cleo",
                ],
                [
                    "ending.graceElapsed -> ended",
                    "  hangup 3cx-7-2000 @3s in 0301234567>103 a=103 c=normalClearing",
                ],
            ])
    }

    @Test("never gives two rows the same id, even if it comes in the instant of the call's first sight")
    func splitAtOnce() {
        var story = LifecycleStory { $0.transfers = .split }
        _ = story.poll(.inbound(.agent("101", .connected)), at: 0)
        expectNoDifference(
            story.poll(.inbound(.agent("102", .connected)), at: 0).last,
            "7: answered(102/Bert) 3cx-7-1 since 1ms in 0301234567 at 102/Bert")
    }

    @Test("can be ignored: the row keeps the first agent")
    func ignore() {
        let kept = "7: answered(101/Anna) 3cx-7-0 since 0s in 0301234567 at 101/Anna"
        expectNoDifference(
            chain(.ignore),
            [
                arrival, [kept], [kept],
                [
                    "ending.graceElapsed -> ended",
                    "  hangup 3cx-7-0 @3s in 0301234567>101 a=101 c=normalClearing",
                ],
            ])
    }

    @Test("has not happened while the first agent is still connected")
    func consultation() {
        var story = LifecycleStory()
        _ = story.poll(.inbound(.agent("102", .connected)), at: 0)
        let held = ["7: answered(102/Bert) 3cx-7-0 since 0s in 0301234567 at 102/Bert"]
        expectNoDifference(
            story.poll(.inbound(.agent("101", .connected), .agent("102", .connected)), at: 1), held)
        expectNoDifference(
            story.poll(.inbound(.agent("101", .connected)), at: 2),
            [
                "answered.otherAgentConnected -> answered", "  answer 3cx-7-0 @2s in 0301234567>101 [Anna] a=101",
                "7: answered(101/Anna) 3cx-7-0 since 0s in 0301234567 at 102/Bert",
            ])
    }

    @Test("may be blind, with a gap in which no leg is listed")
    func blindWithGap() {
        var story = LifecycleStory { $0.grace = .seconds(2) }
        _ = story.poll(.inbound(.agent("101", .connected)), at: 0)
        let call = "answered(101/Anna) 3cx-7-0 since 0s in 0301234567 at 101/Anna"
        expectNoDifference(
            story.poll(at: 1), ["answered.vanished -> ending", "7: ending(1s-3s) \(call)"])
        expectNoDifference(
            story.poll(.inbound(.agent("102")), at: 2), ["ending.ringing -> answered", "7: \(call)"])
        expectNoDifference(
            story.poll(.inbound(.agent("102", .connected)), at: 4),
            [
                "answered.otherAgentConnected -> answered", "  answer 3cx-7-0 @4s in 0301234567>102 [Bert] a=102",
                "7: answered(102/Bert) 3cx-7-0 since 0s in 0301234567 at 101/Anna",
            ])
    }

    @Test("is not what holding and taking back a call is")
    func hold() {
        var story = LifecycleStory()
        _ = story.poll(.inbound(.agent("101", .connected)), at: 0)
        let held = ["7: answered(101/Anna) 3cx-7-0 since 0s in 0301234567 at 101/Anna"]
        expectNoDifference(story.poll(.inbound(.agent("101", .other)), at: 1), held)
        expectNoDifference(story.poll(.inbound(.other(.other, "SP0")), at: 2), held)
        expectNoDifference(story.poll(.inbound(.agent("101", .connected)), at: 3), held)
    }

    @Test("names the new agent's Zammad user where one is known")
    func userIDs() {
        var story = LifecycleStory { $0.helpdesks = [.default: .init(agentUserIDs: ["102": 42])] }
        _ = story.poll(.inbound(.agent("101", .connected)), at: 0)
        #expect(
            story.poll(.inbound(.agent("102", .connected)), at: 1)[1]
                == "  answer 3cx-7-0 @1s in 0301234567>102 [Bert] a=102 u=42")
    }
}
