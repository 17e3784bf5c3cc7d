import Testing

@testable import Domain

@Suite("An outgoing call that shows no line yet")
struct DialledCallTests {
    private static let dials = ObservedCall.routed(.agent("101", .dialing), to: "90301234567")
    private static let rewritten = ObservedCall.outbound(.agent("101", .dialing), to: "0801111111")

    @Test("is told after two seconds with what was dialled, and stays one call when the line shows another number")
    func deadline() {
        var story = LifecycleStory()
        _ = story.poll(Self.dials, at: 1)
        #expect(story.machine.nextDeadline == second(3))
        expectNoDifference(story.feed(.timePassed, at: 2), ["7: dialled(3s) 90301234567"])
        expectNoDifference(
            story.feed(.timePassed, at: 3),
            [
                "dialled.ringing -> ringing", "  newCall 3cx-7-3000 @3s out 101>90301234567 [Anna] a=101",
                "7: ringing 3cx-7-3000 since 3s out 90301234567 at 101/Anna dialled",
            ])
        #expect(story.machine.nextDeadline == nil)
        expectNoDifference(
            story.poll(Self.rewritten, at: 4), ["7: ringing 3cx-7-3000 since 3s out 0801111111 at 101/Anna"])
        // From now on it is known whom the call is with.
        #expect(
            story.poll(.outbound(.agent("101", .dialing), to: "0402222222"), at: 5).first
                == "ringing.anotherCall -> ended")
    }

    @Test("is told by the first look after the two seconds as well, which shows the same")
    func pollAfterDeadline() {
        var story = LifecycleStory()
        _ = story.poll(Self.dials, at: 1)
        #expect(story.poll(Self.dials, at: 3).first == "dialled.ringing -> ringing")
    }

    @Test("is told although nobody can look: only ends wait for a view")
    func withoutView() {
        var story = LifecycleStory()
        _ = story.poll(Self.dials, at: 1)
        _ = story.feed(.viewLost, at: 2)
        #expect(story.machine.nextDeadline == second(3))
        #expect(story.feed(.timePassed, at: 3).first == "dialled.ringing -> ringing")
    }

    @Test("is not answered by the agent's phone, which is connected before there is a line")
    func lifted() {
        var story = LifecycleStory()
        let lifted = ObservedCall.routed(.agent("101", .connected), to: "90301234567")
        #expect(story.poll(lifted, at: 1).first == "unknown.routed -> dialled")
        expectNoDifference(
            story.poll(lifted, at: 3),
            [
                "dialled.ringing -> ringing", "  newCall 3cx-7-3000 @3s out 101>90301234567 [Anna] a=101",
                "7: ringing 3cx-7-3000 since 3s out 90301234567 at 101/Anna dialled",
            ])
        #expect(
            story.poll(.outbound(.agent("101", .connected), to: "90301234567"), at: 5).first
                == "ringing.agentConnected -> answered")
    }

    @Test("that an incoming one replaces under its id is told as that one")
    func replaced() {
        var story = LifecycleStory()
        _ = story.poll(Self.dials, at: 1)
        expectNoDifference(
            story.poll(.inbound(.agent("102")), at: 2),
            [
                "dialled.ringing -> ringing", "  newCall 3cx-7-2000 @2s in 0301234567>102 [Bert] a=102",
                "7: ringing 3cx-7-2000 since 2s in 0301234567 at 102/Bert",
            ])
    }

    @Test("is kept over a restart: told once, by its line, by its end, or two seconds after the restart")
    func restart() throws {
        func poll(_ calls: [ObservedCall], _ seconds: Double) -> BridgeCore.Input {
            .polled(CallSnapshot(takenAt: second(seconds), calls: calls, listsLegs: true))
        }
        let settings = CallLifecycle.Settings()
        for (input, number, at) in [
            (poll([Self.rewritten], 11), "0801111111", 11.0), (poll([], 11), "90301234567", 11),
            (.timePassed, "90301234567", 12.5),
        ] {
            var saved = SavedCore()
            var core = BridgeCore(calls: [settings])
            saved.apply(core.handle(poll([Self.dials], 1), at: second(1)).change)
            #expect(saved.calls.count == 1 && saved.lanes.isEmpty)
            let (resumed, _) = BridgeCore.resuming(
                saved, calls: settings, delivery: Zammad.Settings(), at: second(10.5))
            core = resumed
            #expect(core.nextDeadline == second(12.5))
            let output = core.handle(input, at: second(at))
            saved.apply(output.change)
            #expect(output.decisions.flatMap(\.commands).map(\.event) == [.newCall])
            #expect(output.decisions.flatMap(\.commands).first?.to == number)
            #expect(saved.calls.values.first?.reported != nil)
        }
    }

    @Test("that is ignored when its line shows whom it calls is not told")
    func ignored() throws {
        var story = LifecycleStory { settings in
            settings.filter.ignoredNumbers = [NumberPattern(outside: "0801111111", settings.numbers)].compactMap { $0 }
        }
        _ = story.poll(Self.dials, at: 1)
        expectNoDifference(
            story.poll(Self.rewritten, at: 2), ["dialled.irrelevant -> ignored", "7: ignored(ignoredNumber)"])
        #expect(story.machine.nextDeadline == nil)
    }
}
