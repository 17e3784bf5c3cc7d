import Domain
import Testing

@testable import Adapters

@Suite("Call control joined with XAPI")
struct CallJoinTests {
    private static let plan = DialPlan(entries: [
        "101": DialPlan.Entry(kind: .extension, name: "John Doe"), "816": DialPlan.Entry(kind: .queue, name: "Support"),
    ])

    private static func leg(_ dn: String, _ role: LegRole = .agent, _ state: LegState = .ringing) -> CallLeg {
        CallLeg(dn: dn, role: role, state: state, isMonitored: false)
    }

    private static func call(
        _ id: String, _ legs: CallLeg..., direction: CallDirection = .inbound, isGuess: Bool = false
    ) -> ObservedCall {
        ObservedCall(
            id: PBXCallID(id), direction: direction, directionIsGuess: isGuess,
            external: ExternalParty(number: "+493023125001", name: nil), legs: legs)
    }

    /// The calls as "7: 101 ringing", sorted.
    private static func text(_ calls: [ObservedCall]) -> [String] {
        calls.map { call in
            "\(call.id): " + call.legs.map { "\($0.dn) \($0.state.rawValue)" }.joined(separator: ", ")
        }.sorted()
    }

    private static func join(_ join: inout CallJoin, _ calls: ObservedCall...) -> CallJoin.Result {
        join.join(calls, visible: ["101", "102"], watched: ["101", "816"], plan: plan)
    }

    private static func answer(_ join: inout CallJoin, _ rows: ObservedCall...) {
        let question = join.rowsAsked()
        join.rowsAnswered(rows, question: question)
    }

    @Test("names the legs, says which are watched, and asks for the row of a new call once")
    func described() {
        var join = CallJoin()
        let first = Self.join(&join, Self.call("7", Self.leg("101"), Self.leg("102")))
        #expect(first.calls[0].legs.map(\.name) == ["John Doe", nil])
        #expect(first.calls[0].legs.map(\.isMonitored) == [true, false])
        #expect(first.needsRows)
        #expect(!first.listsWholeCalls, "without rows a call is told by its legs alone")
        Self.answer(&join, Self.call("7", Self.leg("101")))
        let second = Self.join(&join, Self.call("7", Self.leg("101"), Self.leg("102")))
        #expect(!second.needsRows)
        #expect(second.listsWholeCalls)
    }

    @Test("takes from the rows the calls and the legs that are out of sight, and none that are in sight")
    func outOfSight() {
        var join = CallJoin()
        Self.answer(
            &join, Self.call("7", Self.leg("816", .queue, .connected), Self.leg("102", .agent, .connected)),
            Self.call("8", Self.leg("816", .queue, .connected)))
        let result = Self.join(&join, Self.call("7", Self.leg("101")))
        #expect(Self.text(result.calls) == ["7: 101 ringing, 816 connected", "8: 816 connected"])
        #expect(result.calls.allSatisfy { $0.legs.contains { $0.isMonitored } })
    }

    @Test("believes the row where the direction is a guess, and only there", arguments: [true, false])
    func direction(_ isGuess: Bool) {
        var join = CallJoin()
        Self.answer(&join, Self.call("7", Self.leg("101"), direction: .outbound))
        let result = Self.join(&join, Self.call("7", Self.leg("101"), isGuess: isGuess))
        #expect(result.calls[0].direction == (isGuess ? .outbound : .inbound))
        #expect(!result.calls[0].directionIsGuess)
    }

    @Test("keeps a call that goes out of sight until rows that were asked for later tell")
    func doubt() {
        var join = CallJoin()
        Self.answer(&join, Self.call("7", Self.leg("101")))
        _ = Self.join(&join, Self.call("7", Self.leg("101")))
        let early = join.rowsAsked()
        let gone = Self.join(&join)
        #expect(Self.text(gone.calls) == ["7: 101 ringing"])
        #expect(gone.needsRows)
        join.rowsAnswered([], question: early)
        let still = Self.join(&join)
        #expect(Self.text(still.calls) == ["7: 101 ringing"], "it was asked before the call went")
        #expect(still.needsRows)
        Self.answer(&join)
        let ended = Self.join(&join)
        #expect(ended.calls.isEmpty)
        #expect(!ended.needsRows)
        #expect(ended.listsWholeCalls)
    }

    @Test("sees a call wait out of sight that has left an agent")
    func backToTheQueue() {
        var join = CallJoin()
        Self.answer(&join, Self.call("7", Self.leg("816", .queue, .connected)))
        _ = Self.join(&join, Self.call("7", Self.leg("101")))
        _ = Self.join(&join)
        Self.answer(&join, Self.call("7", Self.leg("816", .queue, .connected)))
        #expect(Self.text(Self.join(&join).calls) == ["7: 816 connected"])
    }

    @Test("an answer to an older question changes nothing")
    func order() {
        var join = CallJoin()
        let (first, second) = (join.rowsAsked(), join.rowsAsked())
        join.rowsAnswered([Self.call("7", Self.leg("816", .queue, .connected))], question: second)
        join.rowsAnswered([], question: first)
        #expect(Self.text(Self.join(&join).calls) == ["7: 816 connected"])
    }

    @Test("without rows tells the calls in sight by their legs, and keeps those that never were")
    func rowsFail() {
        var join = CallJoin()
        Self.answer(
            &join, Self.call("7", Self.leg("101")), Self.call("8", Self.leg("816", .queue, .connected)))
        _ = Self.join(&join, Self.call("7", Self.leg("101")))
        join.rowsFailed()
        let result = Self.join(&join)
        #expect(Self.text(result.calls) == ["8: 816 connected"])
        #expect(!result.listsWholeCalls)
        Self.answer(&join)
        #expect(Self.join(&join).calls.isEmpty)
    }

    @Test("a call whose rows fail while it is in doubt is told by its legs")
    func doubtWithoutRows() {
        var join = CallJoin()
        Self.answer(&join, Self.call("7", Self.leg("101")))
        _ = Self.join(&join, Self.call("7", Self.leg("101")))
        #expect(Self.join(&join).calls.count == 1)
        join.rowsFailed()
        #expect(Self.join(&join).calls.isEmpty)
    }
}
