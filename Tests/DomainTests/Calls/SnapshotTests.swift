import Testing

@testable import Domain

@Suite("A look at the PBX")
struct SnapshotTests {
    @Test("is sorted by id, shorter ids first, and rows of one id are one call")
    func sortedAndMerged() {
        let poll = CallSnapshot(
            takenAt: second(0),
            calls: [
                .inbound(.agent("101"), id: "10"), .inbound(.queue(), id: "9"),
                .internal(.agent("102", .connected), id: "9"), .inbound(.agent("101"), id: "100"),
            ])
        expectNoDifference(
            poll.calls,
            [
                .inbound(.queue(), .agent("102", .connected), id: "9"), .inbound(.agent("101"), id: "10"),
                .inbound(.agent("101"), id: "100"),
            ])
    }

    @Test("merges what each row knows: direction, number, trunk, DID, and the further state of a leg")
    func merging() {
        let bare = ObservedCall(id: "7", direction: nil, external: ExternalParty(name: "Jo"), legs: [.agent("101")])
        let full = ObservedCall.inbound(.agent("101", .connected), .queue())
        let expected = ObservedCall(
            id: "7", direction: .inbound, external: ExternalParty(number: customer, name: "Jo"), trunk: "10000",
            did: "0307654321", legs: [.agent("101", .connected), .queue()])
        expectNoDifference(bare.merging(full), expected)
        #expect(full.merging(bare).legs == full.legs, "a connected leg does not ring again")
        #expect(ObservedCall.internal(.agent("101")).merging(full).direction == .inbound)
        #expect(full.merging(.internal(.agent("101"))).direction == .inbound)
        #expect(ObservedCall.outbound().merging(full).direction == .outbound)
    }

    @Test("takes over from the one before what it does not show, if it is incomplete")
    func carryingOver() {
        let before = CallSnapshot(takenAt: second(0), calls: [.inbound(id: "1"), .inbound(id: "2")])
        let incomplete = CallSnapshot(
            takenAt: second(1), calls: [.inbound(.agent("101"), id: "2"), .inbound(id: "3")], isComplete: false)
        expectNoDifference(
            incomplete.carryingOver(before),
            CallSnapshot(
                takenAt: second(1),
                calls: [.inbound(id: "1"), .inbound(.agent("101"), id: "2"), .inbound(id: "3")], isComplete: false))
        let complete = CallSnapshot(takenAt: second(1), calls: [.inbound(id: "3")])
        expectNoDifference(complete.carryingOver(before), complete)
    }

    @Test("gives a difference that turns the one before into it", arguments: 0..<100)
    func applied(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<20 {
            let (old, new) = (Self.poll(&random), Self.poll(&random))
            let diff = SnapshotDiff(from: old, to: new)
            var calls = Dictionary(uniqueKeysWithValues: old.calls.map { ($0.id, $0) })
            for id in diff.vanished { #expect(calls.removeValue(forKey: id) != nil) }
            for call in diff.changed { #expect(calls.updateValue(call, forKey: call.id) ?? call != call) }
            for call in diff.appeared { #expect(calls.updateValue(call, forKey: call.id) == nil) }
            expectNoDifference(calls.values.sorted { $0.id < $1.id }, new.calls)
            for ids in [diff.appeared.map(\.id), diff.changed.map(\.id), diff.vanished] {
                #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
            }
        }
    }

    @Test("gives no difference from one that shows the same", arguments: 0..<100)
    func same(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let poll = Self.poll(&random)
        let again = CallSnapshot(takenAt: second(9), calls: poll.calls.shuffled(using: &random))
        #expect(SnapshotDiff(from: poll, to: again).isEmpty)
        #expect(again.calls == poll.calls)
    }

    @Test(
        "lets nothing vanish if it is incomplete, and all that is gone with the next complete one", arguments: 0..<100)
    func incomplete(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let first = Self.poll(&random)
        var second = Self.poll(&random)
        second.isComplete = false
        #expect(SnapshotDiff(from: first, to: second).vanished.isEmpty)
        let carried = second.carryingOver(first)
        #expect(SnapshotDiff(from: first, to: carried).vanished.isEmpty)
        #expect(Set(carried.calls.map(\.id)) == Set((first.calls + second.calls).map(\.id)))
        let third = Self.poll(&random)
        let gone = Set(carried.calls.map(\.id)).subtracting(third.calls.map(\.id))
        expectNoDifference(SnapshotDiff(from: carried, to: third).vanished, gone.sorted())
    }

    @Test("has one call for each id, in order, in whatever order its rows come", arguments: 0..<100)
    func mergingOrder(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let rows = (0..<30).map { _ in Self.call(&random) }
        let one = CallSnapshot(takenAt: second(0), calls: rows)
        let other = CallSnapshot(takenAt: second(0), calls: rows.shuffled(using: &random))
        #expect(one.calls.map(\.id) == Set(rows.map(\.id)).sorted())
        #expect(other.calls.map(\.id) == one.calls.map(\.id))
        for (left, right) in zip(one.calls, other.calls) {
            #expect(Set(left.legs.map(\.dn)) == Set(right.legs.map(\.dn)))
        }
    }

    private static func poll(_ random: inout SplitMix64) -> CallSnapshot {
        CallSnapshot(takenAt: second(0), calls: (0..<Int.random(in: 0...12, using: &random)).map { _ in call(&random) })
    }

    private static func call(_ random: inout SplitMix64) -> ObservedCall {
        let id = "\(Int.random(in: 1...15, using: &random))"
        let dn = ["101", "102", "103"].randomElement(using: &random) ?? "101"
        let state: LegState = Bool.random(using: &random) ? .ringing : .connected
        return .inbound(.agent(dn, state), id: id, from: Bool.random(using: &random) ? customer : nil)
    }
}
