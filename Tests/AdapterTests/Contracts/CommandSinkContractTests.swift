import Domain
import Ports
import Testing

@testable import Adapters

@Suite("Every command sink", .timeLimit(.minutes(10)))
struct CommandSinkContractTests {
    private func command(_ event: CallCommand.Event, call: String = "a") -> CallCommand {
        CallCommand(
            event: event, callID: CallID(text: call), at: Instant(milliseconds: 1_770_110_100_000), direction: .inbound,
            from: "493023125001", to: "101", users: event == .hangup ? [] : ["Anna Müller"], answeringNumber: "101",
            cause: event == .hangup ? .normalClearing : nil)
    }

    @Test("delivers a call's events")
    func delivers() async throws {
        try await CommandSinkUnderTest.run { sink, zammad in
            for event in [.newCall, .answer, .hangup] as [CallCommand.Event] {
                #expect(await sink.deliver(command(event)) == .delivered(.plain))
            }
            #expect(await zammad.rows().map(\.eventNames) == [["newCall", "answer", "hangup"]])
        }
    }

    @Test("makes one attempt, whatever comes of it")
    func oneAttempt() async throws {
        let faults: [(fault: LoopbackFault, outcome: String)] = [
            (.status(503), "retry"), (.status(500), "retry"), (.status(429), "retry"), (.status(401), "misconfigured"),
            (.disabled, "misconfigured"), (.status(302), "misconfigured"), (.loginPage, "misconfigured"),
            (.status(400), "misconfigured"), (.status(400, body: #"{"error":"Bad Request"}"#), "refused"),
            (.empty, "misconfigured"), (.status(204), "misconfigured"), (.text("[]"), "misconfigured"),
            (.status(504), "ambiguous"), (.drop, "ambiguous"),
        ]
        try await CommandSinkUnderTest.run { sink, zammad in
            for (index, one) in faults.enumerated() {
                await zammad.inject(one.fault, next: 1)
                let outcome = await sink.deliver(command(.newCall, call: "call-\(index)"))
                #expect(outcome.name == one.outcome, "\(one.fault)")
                #expect(outcome.reason?.isEmpty == false)
                #expect(outcome.reason?.contains(zammad.token) == false)
                #expect(await zammad.requests().count == index + 1)
            }
        }
    }

    @Test("knows a newCall that was taken already, and a call that is unknown")
    func duplicates() async throws {
        try await CommandSinkUnderTest.run { sink, _ in
            #expect(await sink.deliver(command(.hangup)).name == "unknown call")
            #expect(await sink.deliver(command(.newCall)) == .delivered(.plain))
            #expect(await sink.deliver(command(.newCall)) == .alreadyKnown)
        }
    }

    @Test("tells whether the helpdesk has a hangup, and changes nothing by asking")
    func looksUp() async throws {
        try await CommandSinkUnderTest.run { sink, zammad in
            #expect(await sink.lookUp(command(.hangup)).name == "unverifiable")
            _ = await sink.deliver(command(.newCall))
            #expect(await sink.lookUp(command(.hangup)) == .notStored("Zammad has the call as newCall"))
            _ = await sink.deliver(command(.hangup))
            #expect(await sink.lookUp(command(.hangup)) == .delivered(.plain))
            #expect(await zammad.rows().map(\.eventNames) == [["newCall", "hangup"]])
            let faults: [(fault: LoopbackFault, outcome: String)] = [
                (.status(403, body: #"{"error":"Not authorized"}"#), "unverifiable"), (.status(503), "retry"),
                (.status(500), "retry"), (.drop, "retry"),
                (.loginPage, "misconfigured"), (.empty, "misconfigured"), (.text("{}"), "unverifiable"),
            ]
            for one in faults {
                await zammad.inject(one.fault, next: 1)
                #expect(await sink.lookUp(command(.hangup)).name == one.outcome, "\(one.fault)")
            }
        }
    }

    @Test("passes on that the helpdesk blocks a caller")
    func blocked() async throws {
        try await CommandSinkUnderTest.run { sink, zammad in
            await zammad.configure { $0.blockedNumbers = ["493023125001"] }
            #expect(await sink.deliver(command(.newCall)) == .delivered(.reject(reason: "busy")))
        }
    }

    @Test("ends within its own time, with the outcome open")
    func timeout() async throws {
        try await CommandSinkUnderTest.run(timeout: .milliseconds(1500)) { sink, zammad in
            await zammad.inject(.processThenHang)
            #expect(await sink.deliver(command(.newCall)).name == "ambiguous")
            // It may still arrive.
            try await zammad.wait { $0.count == 1 }
        }
    }

    @Test("is ambiguous when it is cancelled after the request was sent")
    func cancelled() async throws {
        try await CommandSinkUnderTest.run(timeout: .seconds(50)) { sink, zammad in
            await zammad.inject(.hang)
            let delivery = Task { await sink.deliver(command(.newCall)) }
            try await zammad.waitForRequests(count: 1)
            delivery.cancel()
            #expect(await delivery.value.name == "ambiguous")
        }
    }

    @Test("may try again when nothing was sent because nobody listens")
    func refused() async throws {
        try await CommandSinkUnderTest.run { sink, zammad in
            await zammad.stop()
            guard case .retry(let reason, scope: .zammad, after: nil) = await sink.deliver(command(.newCall)) else {
                Issue.record("not a retry")
                return
            }
            #expect(!reason.contains(zammad.token))
            try await zammad.restart()
            #expect(await sink.deliver(command(.newCall)) == .delivered(.plain))
        }
    }

    @Test("carries several at once")
    func parallel() async throws {
        try await CommandSinkUnderTest.run { sink, zammad in
            await zammad.inject(.hang, next: 1)
            let hanging = Task { await sink.deliver(command(.newCall, call: "hanging")) }
            try await zammad.waitForRequests(count: 1)
            #expect(await sink.deliver(command(.newCall, call: "other")) == .delivered(.plain))
            hanging.cancel()
            _ = await hanging.value
        }
    }
}
