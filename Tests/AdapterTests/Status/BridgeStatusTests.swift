import Domain
import FoundationEssentials
import Ports
import Testing

@testable import Adapters

@Suite("The status")
struct BridgeStatusTests {
    private typealias Scene = StatusScene

    @Test("of a bridge that has just started knows nothing and hides nothing")
    func start() {
        let status = Scene().status()
        #expect(status.overall == .degraded && status.problems == ["Connecting to 3CX"])
        #expect(status.phoneSystem.state == "connecting" && !status.phoneSystem.isReachable)
        #expect(status.zammad.state == "untried" && status.zammad.isReachable && status.zammad.since == nil)
        #expect(status.calls.isEmpty && status.decisions.isEmpty && status.lastHour.count == 60)
        #expect(status.deliveries.seen == 0 && status.deliveries.oldestPending == nil)
    }

    @Test("shows each live call with its state, and since when")
    func calls() {
        var scene = Scene()
        scene.see(
            Scene.call("1", Scene.agent(.ringing)), Scene.call("2", Scene.queue),
            Scene.call(
                "3", Scene.agent(.dialing, "102", name: "Ben"), number: "089555", direction: .outbound),
            Scene.call("4", Scene.queue, Scene.agent(.ringing), number: nil))
        scene.see(
            Scene.call("1", Scene.agent(.connected)), Scene.call("2", Scene.queue),
            Scene.call(
                "3", Scene.agent(.dialing, "102", name: "Ben"), number: "089555", direction: .outbound),
            Scene.call("4", Scene.queue, Scene.agent(.ringing), number: nil), after: .seconds(7))
        let calls = scene.status().calls
        #expect(calls.map(\.pbxCall) == ["1", "2", "3", "4"])
        #expect(calls.map(\.state) == [.talking, .waiting, .ringing, .ringing])
        #expect(calls.map(\.agents) == [["Anna Müller (101)"], [], ["Ben (102)"], ["Anna Müller (101)"]])
        #expect(calls.map(\.queue) == [nil, "Support (816)", nil, "Support (816)"])
        #expect(calls.map(\.direction) == ["inbound", "inbound", "outbound", "inbound"])
        #expect(calls.map(\.number) == ["•••223", "•••223", "•••555", "anonymous"])
        #expect(calls[0].since == "2026-02-03T09:00:07Z" && calls[0].firstSeen == "2026-02-03T09:00:00Z")
        #expect(calls[1].since == "2026-02-03T09:00:00Z")
    }

    @Test("masks numbers and leaves out callers' names, unless the log shows them")
    func privacy() throws {
        var scene = Scene()
        scene.see(Scene.call("1", Scene.agent(.ringing)))
        let masked = try StatusReader.json(scene.status())
        #expect(!masked.contains("0301112223") && !masked.contains("Erika Beispiel"))
        let whole = scene.status(showsNumbers: true)
        #expect(whole.calls.first?.number == "0301112223" && whole.calls.first?.name == "Erika Beispiel")
        #expect(whole.decisions.first?.words == "Call from 0301112223 for Anna Müller")
    }

    @Test("keeps the last fifty decisions, the latest first")
    func decisions() {
        var scene = Scene()
        for number in 1...40 {
            scene.see(Scene.call("\(number)", Scene.agent(.ringing)), after: .seconds(1))
            scene.see(after: .seconds(1))
        }
        let decisions = scene.status().decisions
        #expect(decisions.count == 50)
        #expect(decisions[0].words == "Call from •••223 is over: nobody answered")
        #expect(decisions[0].pbxCall == "40" && decisions[49].pbxCall == "16")
        #expect(decisions.map(\.at) == decisions.map(\.at).sorted(by: >))
        #expect(scene.board.record.phases.isEmpty)
    }

    @Test("says why a call was ignored, and does not list it")
    func ignored() {
        var scene = Scene()
        scene.see(ObservedCall(id: PBXCallID("9"), direction: .internal, legs: [Scene.agent(.connected)]))
        let status = scene.status()
        #expect(status.calls.isEmpty)
        #expect(status.decisions.map(\.words) == ["Ignored a call: no external party takes part"])
        #expect(scene.board.record.source(.default).ignoredCalls == 1)
    }

    @Test("counts calls and how long Zammad took in the last hour; a hangup's grace is not Zammad's")
    func hour() {
        var scene = Scene()
        scene.see(Scene.call("1", Scene.agent(.ringing)))
        scene.finish(.delivered(.plain), after: .milliseconds(400))
        scene.see(after: .seconds(1))
        scene.finish(.delivered(.plain), after: .seconds(30))
        let minute = scene.status().lastHour.last
        #expect(minute?.calls == 1 && minute?.deliveries == 1)
        #expect(minute?.meanDelay == 0.4 && minute?.longestDelay == 0.4)
        #expect(scene.status().deliveries.delivered == 2)
        #expect(scene.status().zammad.state == "up" && scene.status().zammad.since == "2026-02-03T09:00:00Z")
    }

    @Test("tells of a Zammad that is down: since when, why, what waits and what to do")
    func zammadDown() {
        var scene = Scene()
        scene.board.note(.healthChanged(.live(since: scene.now, lastPoll: scene.now)))
        scene.see(Scene.call("1", Scene.agent(.ringing)))
        scene.finish(.retry("connection refused", scope: .zammad), after: .seconds(1))
        let status = scene.status()
        #expect(status.overall == .degraded && status.problems == [status.zammad.words])
        #expect(status.zammad.state == "down" && !status.zammad.isReachable)
        #expect(status.zammad.since == "2026-02-03T09:00:01Z" && status.zammad.reason == "connection refused")
        #expect(status.zammad.remedy?.isEmpty == false)
        #expect(status.deliveries.pending == 1 && status.deliveries.oldestPending == "2026-02-03T09:00:00Z")
        #expect(status.deliveries.pendingEvents.map(\.reason) == ["connection refused"])
        let readiness = StatusReadiness(status)
        #expect(!readiness.isReady && readiness.phoneSystem && !readiness.zammad)
        #expect(readiness.reasons == ["Zammad is unreachable; events wait, and none is lost: connection refused"])
    }

    @Test("lists dead letters with their reason, which is a problem for somebody")
    func deadLetters() throws {
        var scene = Scene()
        scene.board.note(.healthChanged(.live(since: scene.now, lastPoll: scene.now)))
        scene.see(Scene.call("1", Scene.agent(.ringing)))
        scene.finish(.refused("Zammad answered 418"))
        #expect(scene.status().overall == .healthy, "it is sent once more")
        scene.pass(.seconds(20))
        scene.finish(.refused("Zammad answered 418"))
        let status = scene.status()
        #expect(status.zammad.isReachable && status.overall == .degraded)
        #expect(status.problems == ["1 event was given up; repair the cause, then run zammadbridge outbox retry"])
        let failed = try #require(status.deliveries.failedEvents.first)
        #expect(failed.state == "deadLetter" && failed.reason == "Zammad answered 418" && failed.attempts == 2)
        #expect(failed.event == "newCall" && failed.number == "•••223" && failed.since == "2026-02-03T09:00:20Z")
    }

    @Test("tells of a Zammad that refuses everything, and where to look")
    func misconfigured() {
        var scene = Scene()
        scene.see(Scene.call("1", Scene.agent(.ringing)))
        scene.finish(.misconfigured("Zammad answered 422 (Feature is disabled)"))
        #expect(scene.status().zammad.state == "misconfigured")
        #expect(scene.status().zammad.remedy?.contains("CTI (generic)") == true)
    }

    @Test("tells of a Zammad that fails at every event, whatever the call, and when it is tried next")
    func failing() {
        var scene = Scene()
        scene.board.note(.healthChanged(.live(since: scene.now, lastPoll: scene.now)))
        scene.see(
            Scene.call("1", Scene.agent(.ringing)), Scene.call("2", Scene.agent(.ringing)),
            Scene.call("3", Scene.agent(.ringing)))
        #expect(scene.status().zammad.words == "Nothing was sent to Zammad yet; the next call will be")
        scene.finish(.retry("HTTP 500", scope: .event))
        #expect(scene.status().zammad.words == "Zammad has not taken an event yet")
        scene.finish(.ambiguous("timed out"))
        #expect(scene.status().zammad.isReachable)
        scene.finish(.retry("HTTP 500", scope: .event), after: .seconds(15))
        let status = scene.status()
        #expect(status.zammad.state == "failing" && !status.zammad.isReachable && status.overall == .degraded)
        #expect(status.problems == ["Zammad fails at every event; they wait, and none is lost"])
        #expect(status.zammad.since == "2026-02-03T09:00:00Z" && status.zammad.nextTry == "2026-02-03T09:00:15Z")
        #expect(!StatusReadiness(status).isReady)
        #expect(scene.metrics().contains("zammadbridge_zammad_up 0\n"))
        scene.pass(.seconds(1))
        scene.deliverAll()
        #expect(scene.status().zammad.state == "up" && scene.status().zammad.nextTry == nil)
    }

    @Test("gives 3CX's failure with what to do, as long as it is the present one")
    func pollFailure() {
        let scene = Scene()
        let failure = PollFailure(
            .credentialsRefused, "3CX refused the login", at: "POST http://pbx/api/login", remedy: "check 3CX.pass")
        scene.board.note(.pollFailed(failure, at: scene.now))
        scene.board.note(
            .healthChanged(.connecting(since: scene.now, FailedPolls(count: 1, alike: 1, fault: .credentialsRefused))))
        let side = scene.status().phoneSystem
        #expect(side.words == "3CX refuses the login" && side.remedy == "check 3CX.pass" + HealthWords.loginPace)
        #expect(side.reason == "3CX refused the login at POST http://pbx/api/login")
        scene.board.note(.healthChanged(.live(since: scene.now, lastPoll: scene.now)))
        #expect(scene.status().phoneSystem.reason == nil && scene.status().overall == .healthy)
    }

    @Test("names who is watched, and takes what stands wrong for a reason to look")
    func watched() throws {
        let scene = Scene()
        scene.board.note(.healthChanged(.live(since: scene.now, lastPoll: scene.now)))
        #expect(scene.status().phoneSystem.watched == nil && scene.status().overall == .healthy)
        let version = scene.board.version
        scene.board.note(
            .watching(
                WatchList(
                    stations: [
                        .init("101", name: "Anna Müller", kind: .extension), .init("816", kind: .queue),
                        .init("800", name: "Front desk", kind: .ringGroup), .init("700", kind: .ivr),
                    ],
                    warnings: [StandingWarning(.configuration, "3CX has no group Suport", remedy: "correct 3CX.group")])
            ))
        #expect(scene.board.version > version, "pages are told")
        let status = scene.status()
        let watched = try #require(status.phoneSystem.watched)
        #expect(watched.count == 4)
        #expect(watched.extensions == [.init(number: "101", name: "Anna Müller")])
        #expect(watched.queues.map(\.number) == ["816"] && watched.others.map(\.number) == ["700"])
        #expect(watched.ringGroups == [.init(number: "800", name: "Front desk")])
        #expect(status.phoneSystem.warnings == [.init(text: "3CX has no group Suport", remedy: "correct 3CX.group")])
        #expect(status.phoneSystem.isReachable && status.overall == .degraded)
        #expect(status.problems == ["3CX has no group Suport"])
        scene.board.note(.watching(WatchList(stations: [.init("101", kind: .extension)])))
        #expect(scene.status().phoneSystem.warnings == nil && scene.status().overall == .healthy)
    }

    @Test("reads back from its JSON form")
    func codable() throws {
        var scene = Scene()
        scene.see(Scene.call("1", Scene.queue), Scene.call("2", Scene.agent(.connected)))
        scene.deliverAll()
        let status = scene.status()
        let json = try StatusReader.json(status)
        #expect(try JSONDecoder().decode(BridgeStatus.self, from: Data(json.utf8)) == status)
        #expect(!json.contains("\n"))
    }

    @Test("does not grow with what happens")
    func bounded() {
        var scene = Scene()
        scene.see(Scene.call("1", Scene.agent(.ringing)))
        scene.deliverAll()
        for round in 0..<3_000 {
            scene.see(Scene.call("\(round + 2)", Scene.agent(.ringing)), after: .milliseconds(200))
            scene.deliverAll(after: .zero)
        }
        scene.see()
        scene.deliverAll()
        let record = scene.board.record
        #expect(record.decisions.count == StatusRecord.keptDecisions)
        #expect(record.phases.isEmpty && record.lastFailures.isEmpty)
        #expect(record.source(.default).calls == [.inbound: 3_001])
    }
}
