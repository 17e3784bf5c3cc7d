import Domain
import Ports
import Testing

@testable import Adapters

@Suite("Every journal", .timeLimit(.minutes(1)))
struct JournalContractTests {
    /// A core with one call that rings and one event under way.
    private func core(call: String) -> BridgeCore {
        var core = BridgeCore(calls: CallLifecycle.Settings(), delivery: Outbox.Settings())
        let leg = CallLeg(dn: "101", name: "Anna Müller", role: .agent, state: .ringing, isMonitored: true)
        let observed = ObservedCall(
            id: PBXCallID(call), direction: .inbound, external: ExternalParty(number: "03023125001"), legs: [leg])
        let now = Instant(milliseconds: 1_770_110_100_000)
        _ = core.handle(.looked(CallSnapshot(takenAt: now, calls: [observed])), at: now)
        return core
    }

    @Test("is empty at first", arguments: JournalUnderTest.all)
    func empty(_ made: JournalUnderTest) async throws {
        #expect(try await made.make().load() == nil)
    }

    @Test("gives back what was committed, calls, events and attempts under way", arguments: JournalUnderTest.all)
    func roundTrip(_ made: JournalUnderTest) async throws {
        let journal = try await made.make()
        let state = core(call: "21")
        try #require(state.outbox.attemptsUnderWay == 1)
        try await journal.commit(state)
        #expect(try await journal.load() == state)
        #expect(try await journal.load() == state, "reading changes nothing")
    }

    @Test("keeps the last of several commits only", arguments: JournalUnderTest.all)
    func lastCommit(_ made: JournalUnderTest) async throws {
        let journal = try await made.make()
        let states = ["21", "22", "23"].map(core)
        for state in states { try await journal.commit(state) }
        #expect(try await journal.load() == states.last)
    }

    @Test("holds one state of several committed at once, whole", arguments: JournalUnderTest.all)
    func concurrent(_ made: JournalUnderTest) async throws {
        let journal = try await made.make()
        let states = (1...20).map { core(call: String($0)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for state in states { group.addTask { try await journal.commit(state) } }
            try await group.waitForAll()
        }
        let kept = try #require(try await journal.load())
        #expect(states.contains(kept))
    }
}
