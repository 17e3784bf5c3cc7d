import Testing

@testable import Domain

@Suite("Rows that cannot be read")
struct UnreadableRowsTests {
    private static func call(_ id: String) -> ObservedCall {
        ObservedCall.inbound(.agent("10\(id)"), id: id, from: "030123456\(id)")
    }

    private static func poll(
        _ story: inout BridgeStory, _ ids: String..., unreadable: Int = 0, at seconds: Double
    ) -> [String] {
        var snapshot = CallSnapshot(takenAt: second(seconds), calls: ids.map(call), isComplete: unreadable == 0)
        snapshot.unreadableRows = unreadable
        return story.handle(.polled(snapshot), at: second(seconds)).filter { $0.contains("hangup") }
    }

    @Test("hold every call for half a minute, and then the one that they hide alone")
    func own() {
        var story = BridgeStory()
        #expect(Self.poll(&story, "1", "2", "3", at: 0) == [])
        #expect(Self.poll(&story, "2", "3", unreadable: 1, at: 10) == [])
        #expect(Self.poll(&story, "3", unreadable: 1, at: 20) == [])
        #expect(Self.poll(&story, "3", unreadable: 1, at: 39.9) == [])
        #expect(Self.poll(&story, "3", unreadable: 1, at: 40).count == 1, "2 is over, 1 may be the unreadable one")
        #expect(Self.poll(&story, unreadable: 1, at: 50).count == 1, "and so is 3, at once")
        #expect(story.core.lifecycle.calls.keys.sorted() == ["1"])
        #expect(Self.poll(&story, at: 3600).count == 1)
    }

    @Test("that are another's from the beginning hold none in the end")
    func neverSeen() {
        var story = BridgeStory()
        _ = Self.poll(&story, "1", at: 0)
        _ = Self.poll(&story, "1", unreadable: 1, at: 5)
        #expect(Self.poll(&story, unreadable: 1, at: 20) == [])
        #expect(Self.poll(&story, unreadable: 1, at: 35).count == 1)
    }

    @Test("hold everything anew when another comes, and not when one of two goes")
    func another() {
        var story = BridgeStory()
        _ = Self.poll(&story, "1", "2", at: 0)
        _ = Self.poll(&story, "1", "2", unreadable: 1, at: 1)
        _ = Self.poll(&story, "2", unreadable: 2, at: 30)
        #expect(Self.poll(&story, unreadable: 2, at: 59) == [])
        #expect(Self.poll(&story, unreadable: 1, at: 60).count == 1)
        #expect(story.core.lifecycle.calls.keys.sorted() == ["1"])
    }

    @Test("give back a call that is shown again")
    func shownAgain() {
        var story = BridgeStory()
        _ = Self.poll(&story, "1", "2", at: 0)
        _ = Self.poll(&story, "2", unreadable: 1, at: 1)
        _ = Self.poll(&story, "1", "2", unreadable: 1, at: 2)
        #expect(Self.poll(&story, "2", unreadable: 1, at: 40).count == 1)
    }

    @Test("hold everything anew after a time in which nobody could look: they may be other rows")
    func afterFailedPolls() {
        var story = BridgeStory()
        _ = Self.poll(&story, "1", unreadable: 1, at: 0)
        for time in 1...40 { _ = story.handle(.pollFailed(), at: second(Double(time))) }
        #expect(Self.poll(&story, "2", unreadable: 1, at: 41) == [], "1 may be the unreadable one now")
        #expect(Self.poll(&story, "2", unreadable: 1, at: 72) == [])
        #expect(Self.poll(&story, unreadable: 1, at: 73).count == 1, "2 was seen beside that row")
        #expect(story.core.lifecycle.calls.keys.sorted() == ["1"])
    }

    @Test("hold what an earlier process knew and no look has shown, until a look shows all")
    func resumed() throws {
        var earlier = BridgeStory()
        _ = Self.poll(&earlier, "1", at: 0)
        var saved = SavedCore()
        for output in earlier.outputs { saved.apply(output.change) }
        let (core, _) = BridgeCore.resuming(
            saved, calls: CallLifecycle.Settings(), delivery: Zammad.Settings(), at: second(5))
        var story = BridgeStory(continuing: core)
        _ = Self.poll(&story, unreadable: 1, at: 6)
        #expect(Self.poll(&story, unreadable: 1, at: 60) == [])
        #expect(Self.poll(&story, at: 61).count == 1)
    }
}
