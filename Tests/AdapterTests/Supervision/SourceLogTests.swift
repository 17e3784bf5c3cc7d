import Domain
import Ports
import Testing

@testable import App

@Suite("The log of the source")
struct SourceLogTests {
    private static let notSeen = "error: 3CX is not seen; live calls stay as they are"
    private static let noPoll = "warning: a poll of 3CX failed; live calls stay as they are"
    private static let refused =
        "critical: 3CX refuses the login; no call is seen until it accepts it; tried again after 1, 5, then every 15 min, and on a reload"

    @Test("an outage is said, that the view is stale is said louder, then again more seldom, and so is the end")
    func outage() {
        var story = Story()
        #expect(story.poll(at: 0) == ["notice: 3CX answers; its calls are seen"])
        #expect(story.poll(at: 500) == [])
        #expect(story.fail(.unreachable, at: 1000) == ["\(Self.noPoll) stale_for=0 s failures=1 kind=unreachable"])
        #expect(story.fail(.unreachable, at: 5000) == [])
        #expect(story.passTime(to: 10_500) == ["\(Self.notSeen) stale_for=10 s failures=2 kind=unreachable"])
        var said: [Int64] = []
        for second: Int64 in stride(from: 13, through: 3600, by: 30) {
            let lines = story.fail(.unreachable, at: second * 1000)
            #expect(lines.allSatisfy { $0.hasPrefix(Self.notSeen) && $0.contains("stale_for=\(second - 1) s") })
            if !lines.isEmpty { said.append(second) }
        }
        #expect(said == [73, 133, 193, 253, 313, 373, 433, 493, 553, 1153, 1753, 2353, 2953, 3553])
        #expect(story.poll(at: 3_700_500) == ["notice: 3CX answers again stale_for=3700 s"])
    }

    @Test(
        "a rejected login is said at the highest level, and again with every attempt that is a minute after the last line"
    )
    func rejectedLogin() {
        var story = Story()
        #expect(
            story.fail(.credentialsRefused, at: 0) == [
                "\(Self.refused) stale_for=0 s failures=1 kind=credentialsRefused"
            ])
        #expect(
            story.passTime(to: 10_000) == ["\(Self.refused) stale_for=10 s failures=1 kind=credentialsRefused"])
        #expect(story.fail(.credentialsRefused, at: 30_000) == [])
        #expect(
            story.fail(.credentialsRefused, at: 90_000) == [
                "\(Self.refused) stale_for=90 s failures=3 kind=credentialsRefused"
            ])
        #expect(
            story.fail(.credentialsRefused, at: 7_290_000) == [
                "\(Self.refused) stale_for=7290 s failures=4 kind=credentialsRefused"
            ])
        #expect(story.poll(at: 7_600_000) == ["notice: 3CX answers again stale_for=7600 s"])
    }

    @Test("another reason is said at once")
    func anotherReason() {
        var story = Story()
        #expect(story.fail(.unreachable, at: 0) == ["\(Self.noPoll) stale_for=0 s failures=1 kind=unreachable"])
        #expect(
            story.fail(.permissionMissing, at: 1000) == [
                "\(Self.notSeen) stale_for=1 s failures=2 kind=permissionMissing"
            ])
        #expect(
            story.fail(.credentialsRefused, at: 31_000) == [
                "\(Self.refused) stale_for=31 s failures=3 kind=credentialsRefused"
            ])
    }

    @Test("looks that fail now and then do not fill the log")
    func flapping() {
        var story = Story()
        _ = story.poll(at: 0)
        var lines: [String] = []
        for second: Int64 in stride(from: 1, to: 120, by: 2) {
            lines += story.fail(.unreachable, at: second * 1000)
            lines += story.poll(at: second * 1000 + 1000)
        }
        let trouble = "\(Self.noPoll) stale_for=1 s failures=1 kind=unreachable"
        let end = "notice: 3CX is seen whole again stale_for=2 s"
        #expect(lines == [trouble, end, trouble, end])
    }

    @Test("an incomplete view is said, and its end")
    func incomplete() {
        var story = Story()
        _ = story.poll(at: 0)
        #expect(
            story.poll(at: 500, isComplete: false) == [
                "warning: 3CX's answers can be read only in part. For 30 s no call ends; after that, only calls that cannot be read stay open stale_for=0 s"
            ])
        #expect(story.poll(at: 90_000, isComplete: false) == [])
        #expect(story.poll(at: 90_500) == ["notice: 3CX is seen whole again"])
    }

    @Test("notices are said at their level")
    func notices() {
        var story = Story()
        #expect(story.report(.notice(Notice(.info, "using XAPI"))) == ["info: using XAPI"])
        #expect(story.report(.notice(Notice(.warning, "no lists"))) == ["warning: no lists"])
        #expect(story.report(.notice(Notice(.debug, "detail"))) == [])
    }
}

/// Looks as they come, told to the supervisor, and what the log says of them.
private struct Story {
    private let record = RecordingLog()
    private var log: SourceLog
    private var supervisor: SourceSupervisor

    init() {
        log = SourceLog(log: record.logger(showing: ["stale_for", "failures", "kind"]))
        // The pace is the supervisor's matter: here every poll is one that is due.
        var settings = SourceSupervisor.Settings(pollInterval: .zero)
        let none = Backoff(schedule: [])
        (settings.temporary, settings.refusedLogin, settings.needsOperator) = (none, none, none)
        supervisor = SourceSupervisor(settings: settings, at: Instant(milliseconds: 0))
    }

    mutating func report(_ report: CallSourceReport) -> [String] {
        log.report(report)
        return record.take()
    }

    mutating func poll(at milliseconds: Int64, isComplete: Bool = true) -> [String] {
        let now = Instant(milliseconds: milliseconds)
        log.report(.polled(CallSnapshot(takenAt: now, calls: [], isComplete: isComplete)))
        return tell(isComplete ? .polled(startedAt: now) : .pollIncomplete(startedAt: now), now)
    }

    mutating func fail(_ kind: PollFailure.Kind, at milliseconds: Int64) -> [String] {
        let now = Instant(milliseconds: milliseconds)
        log.report(.pollFailed(PollFailure(kind, "no answer", at: "GET https://pbx", remedy: "wait"), at: now))
        return tell(.pollFailed(kind.fault, startedAt: now), now)
    }

    mutating func passTime(to milliseconds: Int64) -> [String] {
        tell(.timePassed, Instant(milliseconds: milliseconds))
    }

    private mutating func tell(_ input: SourceSupervisor.Input, _ now: Instant) -> [String] {
        let output = supervisor.handle(input, at: now, jitter: 0)
        if let health = output.healthChange { log.report(.healthChanged(health)) }
        return record.take()
    }
}
