import Adapters
import Domain
import Testing

@testable import Played

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A PBX with traffic, a Zammad with faults, and a daemon that is killed again and again on one state directory.
struct CrashStage: Sendable {
    /// Which process of the daemon runs, or that none does.
    private struct Life: Sendable {
        /// Grows at every start and before every kill.
        var changes = 0
        /// Polls that came from earlier processes.
        var earlierPolls = 0
    }

    /// So that other tests get their turn as well.
    private static let slots = Slots(count: 2)

    let seed: UInt64
    let pbx: any PhoneSystemUnderTest
    let zammad: LoopbackZammad
    let folder: ProgramFolder
    let configuration: String
    private let life = ObservedValue(Life())
    private let isKilling = ObservedValue(true)
    /// How often some process has certainly journalled what the PBX showed.
    private let scenesSeen = ObservedValue(0)

    static func run(_ seed: UInt64, _ body: (CrashStage) async throws -> Void) async throws {
        await slots.take()
        let result: Result<Void, any Error>
        do {
            let kind: PhoneSystemKind = seed.isMultiple(of: 3) ? .callcontrol : .legacy
            let pbx = try await kind.start()
            let zammad = try await LoopbackZammad.start(token: ProgramSecrets.endpointToken)
            try await ProgramFolder.with { folder in
                let settings = [
                    "api: \(kind.rawValue)", "state_dir: \"\(folder.path("state"))\"", "hangup_grace: 0.1",
                    "events: false", "status_listen: \"\"",
                ]
                let path = try folder.write("bridge.yaml", BridgeStage.configuration(pbx, zammad, settings))
                try await body(
                    CrashStage(seed: seed, pbx: pbx, zammad: zammad, folder: folder, configuration: path))
            }
            await pbx.server.stop()
            await zammad.stop()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await slots.giveBack()
        try result.get()
    }

    private init(
        seed: UInt64, pbx: any PhoneSystemUnderTest, zammad: LoopbackZammad, folder: ProgramFolder,
        configuration: String
    ) {
        (self.seed, self.pbx, self.zammad, self.folder) = (seed, pbx, zammad, folder)
        self.configuration = configuration
    }

    // MARK: - The daemon's lives

    /// Kills `kills` processes of the daemon at random instants, while Zammad has its troubles.
    func kill(times kills: Int) async throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<kills {
            if Bool.random(using: &random) {
                await zammad.clearFaults()
                try await zammad.restart()
            }
            // Every third one dies about when it starts.
            let isEarly = Int.random(in: 0..<3, using: &random) == 0
            let limit = isEarly ? 120 : 900
            let calm = Int.random(in: 0..<limit, using: &random)
            let trouble = Int.random(in: 0..<limit / 2, using: &random)
            let fault = fault(&random)
            try await withDaemon { bridge in
                // The others are at work, however long they take to start.
                if !isEarly { try await waitForScene() }
                try await Task.sleep(for: .milliseconds(calm))
                if let fault { await zammad.inject(fault.0, next: fault.1) } else { await zammad.stop() }
                try await Task.sleep(for: .milliseconds(trouble))
                await life.update { $0.changes += 1 }
                bridge.signal(SIGKILL)
                let exit = try await bridge.waitForExit()
                #expect(exit == .signal(SIGKILL), "seed \(seed): it ended by itself")
            }
        }
        await zammad.clearFaults()
        try await zammad.restart()
        await isKilling.update { $0 = false }
    }

    func withDaemon(_ body: (BridgeProcess) async throws -> Void) async throws {
        let polls = await pbx.server.count(of: pbx.callsPath)
        await life.update { $0 = Life(changes: $0.changes + 1, earlierPolls: polls) }
        try await BridgeProcess.with(["-c", configuration], in: folder, body)
    }

    /// `nil`: Zammad is down.
    private func fault(_ random: inout SplitMix64) -> (LoopbackFault, Int)? {
        let count = Int.random(in: 1...4, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return nil
        case 1: return (.status(503), count)
        case 2: return (.processThenHang, count)
        case 3: return (.slow(.milliseconds(150)), count)
        case 4: return (.drop, count)
        case 5: return (.hang, count)
        default: return (.processThenDrop, count)
        }
    }

    // MARK: - Calls

    /// Calls come, change and go until the killing is over, and are all gone at the end.
    func playCalls() async throws -> [CrashCall] {
        var random = SplitMix64(seed: ~seed)
        var (live, over): ([CrashCall], [CrashCall]) = ([], [])
        var nextID: Int64 = 1000
        while await isKilling.value {
            for _ in 0..<Int.random(in: 0...2, using: &random) where live.count < 5 {
                live.append(CrashCall(nextID, CrashCall.Plot.allCases.randomElement(using: &random) ?? .missed))
                nextID += 1
            }
            await pbx.show(live.compactMap(\.scene))
            try await waitUntilSeen()
            for index in live.indices { live[index].wasSeen(goesOn: Bool.random(using: &random)) }
            over += live.filter { $0.scene == nil }
            live.removeAll { $0.scene == nil }
        }
        await pbx.show([])
        try await waitUntilSeen()
        return over + live
    }

    /// Returns when one and the same process has certainly journalled what the PBX shows now: of three polls the first
    /// may have been asked by a process that is dead, and the third is asked only after the second was worked off.
    private func waitUntilSeen() async throws {
        let shown = await pbx.server.count(of: pbx.callsPath)
        while true {
            let before = await life.value.changes
            try await waitForPolls(3, after: shown)
            if await life.value.changes == before { break }
        }
        await scenesSeen.update { $0 += 1 }
    }

    /// Returns when one more scene has been journalled.
    private func waitForScene() async throws {
        let seen = await scenesSeen.value
        try await scenesSeen.wait(for: "a scene that is journalled") { $0 > seen }
    }

    /// Of the process that runs now.
    private func waitForPolls(_ polls: Int, after shown: Int) async throws {
        let path = pbx.callsPath
        let target = await max(shown, life.value.earlierPolls) + polls
        try await pbx.server.requests.wait(count: target, within: .seconds(60)) { $0.path == path }
    }

    // MARK: - The end

    /// `outbox list --json`.
    func outbox() async throws -> OutboxDocument {
        try OutboxDocument(
            try await BridgeProcess.run(["outbox", "list", "--json", "-c", configuration], in: folder))
    }

    /// Waits until nothing is pending and every row is at its end, but those whose hangup is unconfirmed.
    func waitUntilDelivered(_ calls: Int) async throws {
        let journal = try #require(try OperatorJournal.open(in: StateDirectory(folder.path("state"))))
        let start = ContinuousClock.now
        while true {
            let state = try await journal.contents().state
            let doubted = Set(state.setAside.values.map(\.event.command.callID.text))
            let open = await zammad.rows().filter { $0.state != .hangup && !doubted.contains($0.callID) }
            if state.account.pending == 0, open.isEmpty, await zammad.rows().count >= calls { break }
            guard start.duration(to: .now) < .seconds(60) else {
                Issue.record("seed \(seed): never setAside; open \(open.map(\.callID)), \(state.account)")
                break
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        try journal.close()
    }
}
