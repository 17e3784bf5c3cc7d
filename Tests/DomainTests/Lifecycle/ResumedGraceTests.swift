import Testing

@testable import Domain

@Suite("The grace of a missing call after a restart")
struct ResumedGraceTests {
    @Test("is the grace, and not the grace with an earlier outage")
    func grace() throws {
        let leg = CallLeg(dn: "101", name: nil, role: .agent, state: .ringing, isMonitored: true)
        let call = ObservedCall(
            id: PBXCallID("1"), direction: .inbound, external: ExternalParty(number: "+4930123456"), legs: [leg])
        func poll(_ calls: [ObservedCall], _ seconds: Int) -> BridgeCore.Input {
            .polled(CallSnapshot(takenAt: instant(seconds), calls: calls, listsLegs: true))
        }
        func instant(_ seconds: Int) -> Instant { Instant(milliseconds: Int64(seconds) * 1000) }
        var core = BridgeCore()
        var saved = SavedCore()
        func tell(_ input: BridgeCore.Input, _ seconds: Int) -> Output {
            let output = core.handle(input, at: instant(seconds))
            saved.apply(output.change)
            return output
        }
        _ = tell(poll([call], 0), 0)
        _ = tell(poll([], 1), 1)
        _ = tell(.pollFailed(), 2)
        // Ten minutes without a view; the grace goes on and is kept as ending at 602 s.
        _ = tell(poll([], 601), 601)
        (core, _) = BridgeCore.resuming(
            saved, calls: CallLifecycle.Settings(), delivery: Zammad.Settings(), at: instant(610))
        _ = tell(poll([], 611), 611)
        #expect(core.nextDeadline == instant(613))
        let end = try #require(tell(.timePassed, 613).decisions.first)
        #expect(end.commands.map(\.event) == [.hangup])
        #expect(end.commands.map(\.at) == [instant(1)])
    }
}
