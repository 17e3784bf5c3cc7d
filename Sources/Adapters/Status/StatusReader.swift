import Domain
import FoundationEssentials
import Ports

/// Composes what is read, once for all who ask while nothing has changed.
actor StatusReader {
    struct Rendering: Sendable {
        var version: Int
        var status: BridgeStatus
        var json: String
        var at: Instant
    }

    /// How long the core may work at one thing, or take to answer, before it counts as stuck.
    private static let patience: Duration = .seconds(30)
    private static let shortPatience: Duration = .seconds(5)
    /// Ages and looks change although nothing happens.
    private static let lifetime: Duration = .milliseconds(500)

    private let board: StatusBoard
    private let facts: @Sendable () async -> StatusFacts
    private let settings: StatusComposer.Settings
    private let clock: any Ports.Clock
    private var latest: Rendering?

    init(
        board: StatusBoard, facts: @escaping @Sendable () async -> StatusFacts, settings: StatusComposer.Settings,
        clock: any Ports.Clock
    ) {
        self.board = board
        self.facts = facts
        self.settings = settings
        self.clock = clock
    }

    func current() async throws -> Rendering {
        // Before the facts, so that what changes meanwhile is read again.
        let version = board.version
        let now = clock.now()
        if let latest, latest.version == version, now - latest.at < Self.lifetime { return latest }
        let composer = StatusComposer(record: board.record, facts: await facts(), settings: settings)
        let status = composer.status(at: now)
        let rendering = Rendering(version: version, status: status, json: try Self.json(status), at: now)
        latest = rendering
        return rendering
    }

    func metrics() async -> String {
        StatusMetrics(record: board.record, facts: await facts(), settings: settings).text(at: clock.now())
    }

    /// Whether the core answers and is not stuck.
    nonisolated func isAlive() async -> Bool {
        let (answers, continuation) = AsyncStream<Bool>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let asking = Task { [facts, clock] in
            let busySince = await facts().busySince
            continuation.yield(busySince.map { clock.now() - $0 < Self.patience } ?? true)
        }
        let deadline = Task { [clock] in
            do { try await clock.sleep(until: clock.now() + Self.shortPatience) } catch { return }
            continuation.yield(false)
        }
        defer {
            asking.cancel()
            deadline.cancel()
        }
        for await answer in answers { return answer }
        return false
    }

    nonisolated func words(_ event: StatusEvent) -> StatusActivity? {
        StatusActivity(event, settings.privacy)
    }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
