import Domain
import Foundation
import Logging
import Synchronization
import Testing

@testable import Adapters
@testable import App

@Suite("The service manager", .timeLimit(.minutes(10)))
struct ServiceNotifierTests {
    @Test("is told each state in the words of sd_notify, a sentence on one line")
    func words() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "notify-\(UUID().uuidString)").path
        defer { unlink(path) }
        try await NotifySocket.with(path) { manager in
            let notifier = try #require(ServiceNotifier(environment: ["NOTIFY_SOCKET": path]))
            try notifier.tell([.ready, .status("two\nlines"), .watchdog])
            try notifier.tell([.reloading(monotonic: 12), .stopping])
            let lines = try await manager.wait(for: "all") { $0.count == 6 }
            #expect(
                lines == [
                    "READY=1", "STATUS=two?lines", "WATCHDOG=1", "RELOADING=1", "MONOTONIC_USEC=12", "STOPPING=1",
                ])
        }
    }

    @Test("is nobody without its variable, and has its watchdog only for the process that it names")
    func environment() throws {
        #expect(ServiceNotifier(environment: [:]) == nil)
        #expect(ServiceNotifier(environment: ["NOTIFY_SOCKET": ""]) == nil)
        func period(_ more: [String: String]) -> Duration? {
            ServiceNotifier(environment: more.merging(["NOTIFY_SOCKET": "/n"]) { $1 })?.watchdogPeriod
        }
        #expect(period([:]) == nil)
        #expect(period(["WATCHDOG_USEC": "2000000"]) == .seconds(2))
        #expect(period(["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "\(getpid())"]) == .seconds(2))
        #expect(period(["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "1"]) == nil)
        for nonsense in ["", "soon", "0", "-1", "99999999999999999999"] {
            #expect(period(["WATCHDOG_USEC": nonsense]) == nil, "\(nonsense)")
        }
    }

    @Test(
        "that cannot be reached is said to be so, with its address",
        arguments: ["/nowhere/notify", "vsock:2:1", "/" + String(repeating: "x", count: 200)])
    func failure(address: String) throws {
        let notifier = try #require(ServiceNotifier(environment: ["NOTIFY_SOCKET": address]))
        let failure = try #require(throws: ServiceNotifier.Failure.self) { try notifier.tell([.ready]) }
        #expect(failure.description.contains(address))
    }

    @Test("that is not there is told nothing, and the reporter goes on until it is cancelled")
    func none() async {
        let reporter = ServiceReporter(
            ServiceNotifier(environment: [:]), log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let reporting = Task {
            await reporter.run {
                Issue.record("nobody wants to know")
                return BridgeStanding(liveCalls: 0, pendingEvents: 0, phoneSystems: [], zammads: [])
            }
            return Task.isCancelled
        }
        for _ in 0..<100 { await Task.yield() }
        reporting.cancel()
        #expect(await reporting.value)
    }

    @Test("gets a sign of life only once the core has answered")
    func hungCore() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "notify-\(UUID().uuidString)").path
        defer { unlink(path) }
        try await NotifySocket.with(path) { manager in
            let environment = ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "10000"]
            let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let reporter = ServiceReporter(ServiceNotifier(environment: environment), log: log)
            let (asked, isAsked) = AsyncStream<Void>.makeStream()
            let (answers, answer) = AsyncStream<Void>.makeStream()
            let reporting = Task {
                await reporter.run {
                    isAsked.yield()
                    for await _ in answers { break }
                    return BridgeStanding(
                        liveCalls: 2, pendingEvents: 1, phoneSystems: [(name: .default, health: nil)],
                        zammads: [(name: .default, health: .up)])
                }
            }
            for await _ in asked { break }
            await reporter.beginReload()
            let hung = try await manager.wait(for: "what is said beside the hung core") { $0.contains("RELOADING=1") }
            #expect(!hung.contains("WATCHDOG=1") && hung.first == "READY=1")
            answer.yield()
            try await manager.wait(for: "WATCHDOG=1")
            answer.finish()
            reporting.cancel()
            await reporting.value
        }
    }

    @Test(
        "reads how things are in one sentence",
        arguments: [
            (
                0, 0, SourceHealth?.none, ZammadHealth.up,
                "0 calls, 0 events pending, 3CX not seen yet, Zammad reachable"
            ),
            (3, 0, .live(since: now, lastPoll: now), .up, "3 calls, 0 events pending, 3CX and Zammad reachable"),
            (
                1, 1, .unavailable(since: now, .none(since: now), failed(.unreachable)), down,
                "1 call, 1 event pending, 3CX and Zammad unreachable"
            ),
            (
                1, 7, .degraded(since: now, lastPoll: now, .incomplete),
                .misconfigured(.init(since: now, failures: 1, nextProbe: now, reason: "")),
                "1 call, 7 events pending, 3CX seen in part, Zammad refuses all events"
            ),
            (
                0, 2, .live(since: now, lastPoll: now),
                .failing(.init(since: now, failures: 1, nextProbe: now, reason: "")),
                "0 calls, 2 events pending, 3CX reachable, Zammad fails at every event"
            ),
            (
                0, 0, .connecting(since: now, failed(.credentialsRefused)), .up,
                "0 calls, 0 events pending, 3CX refuses the login, Zammad reachable"
            ),
        ])
    func sentence(
        calls: Int, events: Int, phoneSystem: SourceHealth?, zammad: ZammadHealth, sentence: String
    ) {
        let standing = BridgeStanding(
            liveCalls: calls, pendingEvents: events, phoneSystems: [(name: .default, health: phoneSystem)],
            zammads: [(name: .default, health: zammad)])
        #expect(standing.sentence == sentence)
    }

    private static let now = Instant(milliseconds: 0)
    private static let down = ZammadHealth.down(.init(since: now, failures: 1, nextProbe: now, reason: ""))

    private static func failed(_ fault: SourceFault) -> FailedPolls { FailedPolls(count: 1, alike: 1, fault: fault) }
}
