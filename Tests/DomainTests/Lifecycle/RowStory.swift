import Testing

@testable import Domain

/// One row of the transition table, told: polls that lead to the state, one a second, then the input, and all that
/// comes of it.
struct RowStory: Sendable, CustomTestStringConvertible {
    enum Last: Sendable {
        case poll([ObservedCall])
        case nothingListed
        case vanishedAgain
        case confirmedGone
        case tenSecondsPass
    }

    let row: String
    let before: [[ObservedCall]]
    let last: Last
    /// The decisions with their commands, then the calls that the machine holds.
    let lines: [String]

    var testDescription: String { row }

    init(_ row: String, _ before: [ObservedCall?], _ last: Last, _ lines: [String]) {
        self.init(row, polls: before.map { $0.map { [$0] } ?? [] }, last, lines)
    }

    init(_ row: String, polls: [[ObservedCall]], _ last: Last, _ lines: [String]) {
        self.row = row
        before = polls
        self.last = last
        self.lines = lines
    }

    private static let inside = ObservedCall.internal(.agent("101"), .agent("102"))
    private static let elsewhere = ObservedCall.inbound(.agent("900", isMonitored: false))
    private static let rings = ObservedCall.inbound(.agent("101"))
    private static let ringsBoth = ObservedCall.inbound(.agent("101"), .agent("102"))
    private static let talks = ObservedCall.inbound(.agent("101", .connected))
    private static let talksAndRings = ObservedCall.inbound(.agent("101", .connected), .agent("102"))
    private static let bertTalks = ObservedCall.inbound(.agent("102", .connected))
    private static let machine = ObservedCall.inbound(.voicemail(isMonitored: true))
    private static let machineAndRings = ObservedCall.inbound(.voicemail(), .agent("101"))
    /// Anna asks Bert about the caller, and leaves them to each other.
    private static let asks = ObservedCall.internal(.agent("101", .connected), .agent("102", .connected), id: "9")
    private static let joined = ObservedCall.inbound(.agent("102", .connected), id: "9")
    private static let stranger = ObservedCall.inbound(.agent("101"), from: "0409999999")

    private static let dials = ObservedCall.routed(.agent("101", .dialing), to: "90301234567")
    private static let dialsElsewhere = ObservedCall.routed(
        .agent("900", .dialing, isMonitored: false), to: "90301234567")
    private static let callsOut = ObservedCall.outbound(.agent("101", .dialing))
    private static let talksOut = ObservedCall.outbound(.agent("101", .connected))
    private static let machineOut = ObservedCall.outbound(.voicemail(isMonitored: true))

    private static let newCall = "  newCall 3cx-7-0 @0s in 0301234567>101 [Anna] a=101"
    private static let call = "3cx-7-0 since 0s in 0301234567 at 101/Anna"
    private static let strangerIsNew = [
        "unknown.ringing -> ringing", "  newCall 3cx-7-1000 @1s in 0409999999>101 [Anna] a=101",
        "7: ringing 3cx-7-1000 since 1s in 0409999999 at 101/Anna",
    ]
    private static let missed = "  hangup 3cx-7-0 @1s in 0301234567>101 a=101 c=cancel"

    static let all = unknown + ignored + dialled + ringing + answered + voicemail + ending

    private static let unknown = [
        RowStory(
            "unknown.irrelevant", [], .poll([inside]),
            ["unknown.irrelevant -> ignored", "7: ignored(internalCall)"]),
        RowStory("unknown.ringing", [], .poll([rings]), ["unknown.ringing -> ringing", newCall, "7: ringing \(call)"]),
        RowStory(
            "unknown.agentConnected", [], .poll([talks]),
            [
                "unknown.agentConnected -> answered", newCall, "  answer 3cx-7-0 @0s in 0301234567>101 [Anna] a=101",
                "7: answered(101/Anna) \(call)",
            ]),
        RowStory(
            "unknown.voicemailConnected", [], .poll([machine]),
            [
                "unknown.voicemailConnected -> voicemail", "  newCall 3cx-7-0 @0s in 0301234567>999 [999]",
                "  answer 3cx-7-0 @0s in 0301234567>999 [voicemail]",
                "7: voicemail 3cx-7-0 since 0s in 0301234567 at 999",
            ]),
    ]

    private static let dialled = [
        RowStory(
            "unknown.routed", [], .poll([dials]), ["unknown.routed -> dialled", "7: dialled(2s) 90301234567"]),
        RowStory(
            "ignored.routed", [dialsElsewhere], .poll([dials]),
            ["ignored.routed -> dialled", "7: dialled(3s) 90301234567"]),
        RowStory(
            "dialled.routed", [dials], .poll([.routed(.agent("101", .dialing), to: "90301234568")]),
            ["7: dialled(2s) 90301234568"]),
        RowStory(
            "dialled.irrelevant", [dials], .poll([inside]),
            ["dialled.irrelevant -> ignored", "7: ignored(internalCall)"]),
        RowStory(
            "dialled.ringing", [dials], .poll([callsOut]),
            [
                "dialled.ringing -> ringing", "  newCall 3cx-7-1000 @1s out 101>0301234567 [Anna] a=101",
                "7: ringing 3cx-7-1000 since 1s out 0301234567 at 101/Anna",
            ]),
        RowStory(
            "dialled.agentConnected", [dials], .poll([talksOut]),
            [
                "dialled.agentConnected -> answered", "  newCall 3cx-7-1000 @1s out 101>0301234567 [Anna] a=101",
                "  answer 3cx-7-1000 @1s out 101>0301234567 a=101",
                "7: answered(101/Anna) 3cx-7-1000 since 1s out 0301234567 at 101/Anna",
            ]),
        RowStory(
            "dialled.voicemailConnected", [dials], .poll([machineOut]),
            [
                "dialled.voicemailConnected -> voicemail", "  newCall 3cx-7-1000 @1s out 999>0301234567 [999]",
                "  answer 3cx-7-1000 @1s out 999>0301234567",
                "7: voicemail 3cx-7-1000 since 1s out 0301234567 at 999",
            ]),
        RowStory(
            "dialled.vanished", [dials], .nothingListed,
            [
                "dialled.vanished -> ending", "  newCall 3cx-7-1000 @1s out 101>90301234567 [Anna] a=101",
                "7: ending(1s-11s) ringing 3cx-7-1000 since 1s out 90301234567 at 101/Anna dialled",
            ]),
    ]

    private static let ignored = [
        RowStory(
            "ignored.irrelevant", [elsewhere], .poll([inside]),
            ["ignored.irrelevant -> ignored", "7: ignored(internalCall)"]),
        RowStory(
            "ignored.ringing", [inside], .poll([rings]),
            [
                "ignored.ringing -> ringing", "  newCall 3cx-7-1000 @1s in 0301234567>101 [Anna] a=101",
                "7: ringing 3cx-7-1000 since 1s in 0301234567 at 101/Anna",
            ]),
        RowStory(
            "ignored.agentConnected", [elsewhere], .poll([talks]),
            [
                "ignored.agentConnected -> answered", "  newCall 3cx-7-1000 @1s in 0301234567>101 [Anna] a=101",
                "  answer 3cx-7-1000 @1s in 0301234567>101 [Anna] a=101",
                "7: answered(101/Anna) 3cx-7-1000 since 1s in 0301234567 at 101/Anna",
            ]),
        RowStory(
            "ignored.voicemailConnected", [elsewhere], .poll([machine]),
            [
                "ignored.voicemailConnected -> voicemail", "  newCall 3cx-7-1000 @1s in 0301234567>999 [999]",
                "  answer 3cx-7-1000 @1s in 0301234567>999 [voicemail]",
                "7: voicemail 3cx-7-1000 since 1s in 0301234567 at 999",
            ]),
        RowStory("ignored.vanished", [inside], .nothingListed, []),
        RowStory(
            "ignored.joining", polls: [[talks], [talks, asks]], .poll([talks, joined]),
            ["ignored.joining -> ignored", "7: answered(101/Anna) \(call)", "9: ignored(joining)"]),
        RowStory(
            "ignored.joined", polls: [[talks], [talks, asks]], .poll([joined]),
            [
                "answered.vanished -> ending", "ending.movedOn -> ended", "ignored.joined -> answered",
                "answered.otherAgentConnected -> answered", "  answer 3cx-7-0 @2s in 0301234567>102 [Bert] a=102",
                "9: answered(102/Bert) \(call) moved",
            ]),
    ]

    private static let ringing = [
        RowStory("ringing.ringing", [rings], .poll([ringsBoth]), ["7: ringing \(call)"]),
        RowStory("ringing.irrelevant", [rings], .poll([elsewhere]), ["7: ringing \(call)"]),
        RowStory(
            "ringing.agentConnected", [rings], .poll([bertTalks]),
            [
                "ringing.agentConnected -> answered", "  answer 3cx-7-0 @1s in 0301234567>102 [Bert] a=102",
                "7: answered(102/Bert) \(call)",
            ]),
        RowStory(
            "ringing.voicemailConnected", [rings], .poll([machine]),
            [
                "ringing.voicemailConnected -> voicemail", "  answer 3cx-7-0 @1s in 0301234567>101 [voicemail]",
                "7: voicemail \(call)",
            ]),
        RowStory(
            "ringing.vanished", [rings], .nothingListed,
            ["ringing.vanished -> ending", "7: ending(1s-11s) ringing \(call)"]),
        RowStory(
            "ringing.turnedInternal", [rings], .poll([inside]),
            ["ringing.turnedInternal -> ending", "7: ending(1s-11s) ringing \(call)"]),
        RowStory(
            "ringing.anotherCall", [rings], .poll([stranger]), ["ringing.anotherCall -> ended", missed] + strangerIsNew),
    ]

    private static let answered = [
        RowStory("answered.agentConnected", [talks], .poll([talksAndRings]), ["7: answered(101/Anna) \(call)"]),
        RowStory("answered.ringing", [talks], .poll([rings]), ["7: answered(101/Anna) \(call)"]),
        RowStory("answered.irrelevant", [talks], .poll([elsewhere]), ["7: answered(101/Anna) \(call)"]),
        RowStory("answered.voicemailConnected", [talks], .poll([machine]), ["7: answered(101/Anna) \(call)"]),
        RowStory(
            "answered.otherAgentConnected", [talks], .poll([bertTalks]),
            [
                "answered.otherAgentConnected -> answered", "  answer 3cx-7-0 @1s in 0301234567>102 [Bert] a=102",
                "7: answered(102/Bert) \(call)",
            ]),
        RowStory(
            "answered.vanished", [talks], .nothingListed,
            ["answered.vanished -> ending", "7: ending(1s-11s) answered(101/Anna) \(call)"]),
        RowStory(
            "answered.turnedInternal", [talks], .poll([inside]),
            ["answered.turnedInternal -> ending", "7: ending(1s-11s) answered(101/Anna) \(call)"]),
        RowStory(
            "answered.anotherCall", [talks], .poll([stranger]),
            ["answered.anotherCall -> ended", "  hangup 3cx-7-0 @1s in 0301234567>101 a=101 c=normalClearing"]
                + strangerIsNew),
    ]

    private static let voicemail = [
        RowStory("voicemail.voicemailConnected", [rings, machine], .poll([machineAndRings]), ["7: voicemail \(call)"]),
        RowStory("voicemail.ringing", [rings, machine], .poll([rings]), ["7: voicemail \(call)"]),
        RowStory("voicemail.irrelevant", [rings, machine], .poll([elsewhere]), ["7: voicemail \(call)"]),
        RowStory(
            "voicemail.agentConnected", [rings, machine], .poll([bertTalks]),
            [
                "voicemail.agentConnected -> answered", "  answer 3cx-7-0 @2s in 0301234567>102 [Bert] a=102",
                "7: answered(102/Bert) \(call)",
            ]),
        RowStory(
            "voicemail.vanished", [rings, machine], .nothingListed,
            ["voicemail.vanished -> ending", "7: ending(2s-12s) voicemail \(call)"]),
        RowStory(
            "voicemail.turnedInternal", [rings, machine], .poll([inside]),
            ["voicemail.turnedInternal -> ending", "7: ending(2s-12s) voicemail \(call)"]),
        RowStory(
            "voicemail.anotherCall", [rings, machine], .poll([stranger]),
            [
                "voicemail.anotherCall -> ended", "  hangup 3cx-7-0 @2s in 0301234567>101 a=101 c=voicemail",
                "unknown.ringing -> ringing", "  newCall 3cx-7-2000 @2s in 0409999999>101 [Anna] a=101",
                "7: ringing 3cx-7-2000 since 2s in 0409999999 at 101/Anna",
            ]),
    ]

    private static let ending = [
        RowStory(
            "ending.irrelevant", [rings, nil], .poll([elsewhere]),
            ["ending.irrelevant -> ringing", "7: ringing \(call)"]),
        RowStory(
            "ending.ringing", [rings, nil], .poll([rings]), ["ending.ringing -> ringing", "7: ringing \(call)"]),
        RowStory(
            "ending.agentConnected", [rings, nil], .poll([talks]),
            [
                "ending.agentConnected -> ringing", "ringing.agentConnected -> answered",
                "  answer 3cx-7-0 @2s in 0301234567>101 [Anna] a=101", "7: answered(101/Anna) \(call)",
            ]),
        RowStory(
            "ending.otherAgentConnected", [talks, nil], .poll([bertTalks]),
            [
                "ending.otherAgentConnected -> answered", "answered.otherAgentConnected -> answered",
                "  answer 3cx-7-0 @2s in 0301234567>102 [Bert] a=102", "7: answered(102/Bert) \(call)",
            ]),
        RowStory(
            "ending.voicemailConnected", [rings, nil], .poll([machine]),
            [
                "ending.voicemailConnected -> ringing", "ringing.voicemailConnected -> voicemail",
                "  answer 3cx-7-0 @2s in 0301234567>101 [voicemail]", "7: voicemail \(call)",
            ]),
        RowStory(
            "ending.anotherCall", [rings, nil], .poll([stranger]),
            [
                "ending.anotherCall -> ended", missed, "unknown.ringing -> ringing",
                "  newCall 3cx-7-2000 @2s in 0409999999>101 [Anna] a=101",
                "7: ringing 3cx-7-2000 since 2s in 0409999999 at 101/Anna",
            ]),
        RowStory("ending.turnedInternal", [rings, nil], .poll([inside]), ["7: ending(1s-11s) ringing \(call)"]),
        RowStory("ending.vanished", [rings, nil], .vanishedAgain, ["7: ending(1s-11s) ringing \(call)"]),
        RowStory(
            "ending.movedOn", polls: [[talks, asks], [asks]], .poll([joined]),
            [
                "ending.movedOn -> ended", "ignored.joined -> answered",
                "answered.otherAgentConnected -> answered", "  answer 3cx-7-0 @2s in 0301234567>102 [Bert] a=102",
                "9: answered(102/Bert) \(call) moved",
            ]),
        RowStory(
            "ending.confirmedGone", [talks, nil], .confirmedGone,
            ["ending.confirmedGone -> ended", "  hangup 3cx-7-0 @1s in 0301234567>101 a=101 c=normalClearing"]),
        RowStory(
            "ending.graceElapsed", [rings, nil], .tenSecondsPass, ["ending.graceElapsed -> ended", missed]),
    ]
}
