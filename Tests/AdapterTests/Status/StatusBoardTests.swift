@testable import Domain
import Testing

@testable import Adapters

@Suite("The status board")
struct StatusBoardTests {
    @Test("has a new version for what changes the page, and none for a look that shows nothing new")
    func version() {
        var scene = StatusScene()
        let first = scene.board.version
        scene.see()
        scene.see()
        #expect(scene.board.version == first)
        scene.see(StatusScene.call("1", StatusScene.agent(.ringing)))
        #expect(scene.board.version > first)
        #expect(
            scene.board.record.source(.default).polls == 3 && scene.board.record.source(.default).lastPoll == scene.now)
    }

    @Test("tells each listener everything once, from when it began to listen")
    func listeners() {
        var scene = StatusScene()
        scene.see(StatusScene.call("1", StatusScene.agent(.ringing)))
        let (one, other) = (scene.board.addListener(), scene.board.addListener())
        scene.deliverAll()
        let heard = scene.board.drain(one)
        #expect(heard.missed == 0)
        let words = heard.events.compactMap { StatusActivity($0, StatusPrivacy(showsNumbers: false)) }.map(\.words)
        #expect(words == ["newCall delivered"])
        #expect(scene.board.drain(one).events.isEmpty)
        #expect(scene.board.drain(other).events == heard.events)
        scene.board.removeListener(one)
        scene.see(after: .seconds(1))
        #expect(scene.board.drain(one).events.isEmpty && !scene.board.drain(other).events.isEmpty)
    }

    @Test("keeps no more for a slow listener than a limit, and counts what that one misses")
    func slowListener() {
        var scene = StatusScene()
        let listener = scene.board.addListener()
        for round in 0..<600 {
            scene.see(StatusScene.call("\(round)", StatusScene.agent(.ringing)), after: .seconds(1))
            scene.deliverAll()
        }
        let (events, missed) = scene.board.drain(listener)
        #expect(events.count == 500 && missed > 400)
        #expect(scene.board.drain(listener).missed == 0)
    }

    @Test("says in words what happens to a delivery")
    func activities() {
        let command = CallCommand(
            event: .hangup, callID: CallID(text: "c"), at: StatusScene.start, direction: .inbound, from: "0301112223",
            to: "101", cause: .cancel)
        let event = OutboxEvent(id: 1, command: command, attempts: 2)
        func activity(_ what: StatusEvent.What) -> StatusActivity? {
            StatusActivity(StatusEvent(at: StatusScene.start, what), StatusPrivacy(showsNumbers: false))
        }
        let attempt = DeliveryAttempt(id: 3, eventID: 1, purpose: .deliver, command: command)
        #expect(activity(.news(.postponed(event, .ambiguous("timeout")))) == nil)
        let failed = activity(.failed(attempt, .ambiguous("timeout")))
        #expect(failed?.kind == .failed && failed?.words == "hangup not delivered: timeout")
        #expect(
            failed?.outcome == "ambiguous" && failed?.number == "•••223" && failed?.at == "2026-02-03T09:00:00.000Z")
        #expect(activity(.news(.delivered(event, .alreadyKnown)))?.words == "hangup delivered at attempt 2")
        #expect(activity(.news(.deadLettered(event, reason: "418")))?.kind == .deadLetter)
        #expect(activity(.news(.unconfirmed(event, reason: "timeout")))?.kind == .unconfirmed)
        #expect(activity(.news(.dropped(event)))?.kind == .dropped)
        func down(_ failures: Int) -> ZammadHealth {
            .down(.init(since: StatusScene.start, failures: failures, nextProbe: StatusScene.start, reason: "x"))
        }
        #expect(activity(.news(.healthChanged(down(1))))?.state == "down")
        #expect(activity(.news(.healthChanged(down(2)))) == nil)
        #expect(activity(.phoneSystem(.live(since: StatusScene.start, lastPoll: StatusScene.start)))?.kind == .health)
    }
}
