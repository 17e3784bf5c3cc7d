import Domain
import Ports
import Testing

@testable import Adapters
@testable import Wire

@Suite("The polling source, supervised")
struct SupervisedSourceTests {
    private let clock = ManualClock(Instant(milliseconds: 0))

    private func milliseconds(_ instants: [Instant]) -> [Int64] { instants.map(\.milliseconds) }

    @Test("stays up while 3CX is down from the start, says when the view is stale, and recovers")
    func downFromTheStart() async throws {
        let view = ScriptedView(
            Array(repeating: .failing(.unreachable), count: 6) + [.incomplete, .complete], clock: clock)
        let source = SupervisedSource(view, clock: clock)
        // The sleep until 10 s is the one that ends with a stale view instead of a poll.
        let sleeps = try await source.awaitSleeps(9)
        #expect(milliseconds(sleeps) == [1000, 2000, 4000, 8000, 10_000, 12_000, 16_000, 16_500, 17_000])
        #expect(milliseconds(await view.polls.events) == [0, 1000, 2000, 4000, 8000, 12_000, 16_000, 16_500])
        await source.stop()
        #expect(
            await source.story == [
                "failed at 0: unreachable", "connecting since 0, unreachable",
                "failed at 1000: unreachable", "failed at 2000: unreachable", "failed at 4000: unreachable",
                "failed at 8000: unreachable", "unavailable since 10000, unreachable", "failed at 12000: unreachable",
                "looked at 16000, incomplete", "degraded since 16000",
                "looked at 16500", "live since 16500",
            ])
    }

    @Test("tries a rejected login slowly, and goes on when it is accepted")
    func rejectedLogin() async throws {
        let view = ScriptedView(
            [.complete, .failing(.credentialsRefused), .failing(.credentialsRefused), .complete], clock: clock)
        let source = SupervisedSource(view, clock: clock)
        let sleeps = try await source.awaitSleeps(5)
        #expect(milliseconds(sleeps) == [500, 10_000, 60_500, 360_500, 361_000])
        #expect(milliseconds(await view.polls.events) == [0, 500, 60_500, 360_500])
        await source.stop()
        #expect(
            await source.story == [
                "looked at 0", "live since 0",
                "failed at 500: credentialsRefused", "degraded since 500, credentialsRefused",
                "unavailable since 10000, credentialsRefused", "failed at 60500: credentialsRefused",
                "looked at 360500", "live since 360500",
            ])
    }

    @Test("a request that was cut off without the source being stopped is an outage like any other")
    func strayCancellation() async throws {
        let view = ScriptedView([.complete, .failing(.cancelled), .complete], clock: clock)
        let source = SupervisedSource(view, clock: clock)
        let sleeps = try await source.awaitSleeps(3)
        #expect(milliseconds(sleeps) == [500, 1500, 2000])
        await source.stop()
        #expect(
            await source.story == [
                "looked at 0", "live since 0",
                "failed at 500: cancelled", "degraded since 500, unreachable", "looked at 1500", "live since 1500",
            ])
    }

    @Test(
        "ends at once when cancelled while it waits, however long the wait",
        arguments: [PollFailure.Kind.unreachable, .credentialsRefused, .configuration])
    func cancelledWhileWaiting(_ kind: PollFailure.Kind) async throws {
        let view = ScriptedView([.failing(kind)], clock: clock)
        let source = SupervisedSource(view, clock: clock)
        _ = try await source.awaitSleep(1)
        // The clock stands: only the cancellation can end the wait.
        await source.stop()
        #expect(await source.story == ["failed at 0: \(kind.rawValue)", "connecting since 0, \(kind.rawValue)"])
        #expect(await view.polls.events.count == 1)
    }

    @Test("ends at once when cancelled during a look, and says nothing of the look that was cut off")
    func cancelledWhilePolling() async throws {
        let view = ScriptedView([.hanging], clock: clock)
        let source = SupervisedSource(view, clock: clock)
        try await view.polls.wait(count: 1)
        await source.stop()
        #expect(await source.story.isEmpty)
    }

    @Test("a real server that is down at the start, comes up, and rejects the login for a while")
    func realServer() async throws {
        let pbx = try await LoopbackLegacyPBX.start()
        await pbx.stop()
        var phoneSystem = BridgeConfiguration.PhoneSystem(host: pbx.host)
        phoneSystem.user = "admin"
        phoneSystem.password = Secret("secret")
        let configuration = BridgeConfiguration(phoneSystem: phoneSystem, zammad: .init(endpoint: Secret("")))
        let transport = try HTTPTransports.make()
        let view = try #require(
            LegacyView(PhoneSystemConnection(PhoneSystemSettings(configuration), transport: transport, clock: clock)))
        let source = SupervisedSource(view, clock: clock)
        #expect(try await source.awaitSleep(1) == Instant(milliseconds: 1000))
        try await pbx.restart()
        await pbx.configure { $0.password = "changed" }
        clock.advance(to: Instant(milliseconds: 1000))
        // The view will be stale before the next attempt.
        #expect(try await source.awaitSleep(2) == Instant(milliseconds: 10_000))
        clock.advance(to: Instant(milliseconds: 10_000))
        #expect(try await source.awaitSleep(3) == Instant(milliseconds: 61_000))
        clock.advance(to: Instant(milliseconds: 61_000))
        #expect(try await source.awaitSleep(4) == Instant(milliseconds: 361_000))
        await pbx.configure { $0.password = "secret" }
        clock.advance(to: Instant(milliseconds: 361_000))
        #expect(try await source.awaitSleep(5) == Instant(milliseconds: 361_500))
        await source.stop()
        let story = await source.story.filter { !$0.hasPrefix("watch") }
        #expect(
            story == [
                "failed at 0: unreachable", "connecting since 0, unreachable",
                "failed at 1000: credentialsRefused", "connecting since 0, credentialsRefused",
                "unavailable since 10000, credentialsRefused", "failed at 61000: credentialsRefused",
                "looked at 361000", "live since 361000",
            ])
        #expect(await pbx.state.value.failedLogins == 2)
        await transport.shutdown()
        await pbx.stop()
    }
}
