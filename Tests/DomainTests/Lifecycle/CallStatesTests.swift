import Testing

@testable import Domain

@Suite("The known calls")
struct CallStatesTests {
    /// One of each kind.
    private static func states(_ number: String) -> [CallState?] {
        let call = ObservedCall.inbound(.agent("101"), id: number)
        let settings = CallLifecycle.Settings()
        let reported = ReportedCall(call, settings.assess(call, nil), settings: settings, at: second(0))
        return [
            nil, .ignored(.internalCall, nil), .joining(call, nil), .dialled(call, until: second(2)),
            .live(reported, .ringing), .ending(reported, .ringing, since: second(1), until: second(3)),
        ]
    }

    @Test("with a deadline, and those that may go on with another one, are kept apart whatever they become")
    func derived() {
        var random = SplitMix64(seed: 7)
        var calls = CallStates()
        for _ in 0..<2000 {
            let number = String(Int.random(in: 0..<12, using: &random))
            calls[PBXCallID(number)] = Self.states(number).randomElement(using: &random) ?? nil
            let all = calls.all
            #expect(calls.timed == Set(all.filter { $0.value.deadline != nil }.keys))
            #expect(calls.joining == Set(all.filter { $0.value.isJoining }.keys))
            #expect(CallStates(all) == calls)
        }
    }

    @Test("of an earlier process are kept apart as well: a call that was about to end still ends")
    func resumed() {
        let kept = Dictionary(
            uniqueKeysWithValues: Self.states("7").compactMap(\.self).enumerated().map { (PBXCallID("\($0)"), $1) })
        let calls = CallStates(kept)
        #expect(calls.timed == [PBXCallID("2"), PBXCallID("4")])
        #expect(calls.joining == [PBXCallID("1")])
    }
}
