/// The order of things around the core: inputs wait in line while the journal keeps what came of those before them, are
/// then taken together, kept as one entry, and acted on after that.
///
/// ```
///           take
///   idle ───────────▶ keeping a batch ──▶ failed: nothing is done any more
///    ▲                       │
///    └───────────────────────┘
///     kept: its effects may be done; what arrived meanwhile is the next batch
/// ```
///
/// It keeps nothing, does nothing and reads no clock: whoever drives it does. The daemon, the replay of fixtures and
/// the random worlds drive this one. `Note` is what a driver wants back with an input once it is kept.
package struct WriteAheadLoop<Note: Sendable>: Sendable {
    /// What came of an input.
    package struct Step: Sendable {
        package var note: Note
        package var output: Output
    }

    /// What one entry of the journal keeps, and what is to be done once it is kept.
    package struct Batch: Sendable {
        package var at: Instant
        package var steps: [Step] = []
        package var change = CoreChange()
        package var news: [News] = []
        package var effects: [Effect] = []

        mutating func add(_ output: Output) {
            change.merge(output.change)
            news += output.news
            effects += output.effects
        }
    }

    package private(set) var core: BridgeCore
    /// Whether a batch is with the journal.
    private var isKeeping = false
    private var line: [(input: BridgeCore.Input, note: Note)] = []
    private var hasFailed = false

    /// An entry is one transaction; longer ones would keep the first input waiting.
    private static var longestBatch: Int { 256 }

    package init(_ core: BridgeCore) {
        self.core = core
    }

    /// Goes on with what an earlier process left. What resuming has brought is kept and done like any batch, and before
    /// every other.
    package static func resuming(_ core: BridgeCore, _ output: Output, at now: Instant) -> (loop: Self, first: Batch) {
        var loop = Self(core)
        loop.isKeeping = true
        var first = Batch(at: now)
        first.add(output)
        return (loop, first)
    }

    package mutating func arrived(_ input: BridgeCore.Input, _ note: Note) {
        guard !hasFailed else { return }
        line.append((input, note))
    }

    /// The next batch to keep; `nil` while one is being kept, and while nothing waits.
    package mutating func take(at now: Instant) -> Batch? {
        guard !isKeeping, !line.isEmpty else { return nil }
        var batch = Batch(at: now)
        for (input, note) in line.prefix(Self.longestBatch) {
            let output = core.handle(input, at: now)
            batch.add(output)
            batch.steps.append(Step(note: note, output: output))
        }
        line.removeFirst(batch.steps.count)
        isKeeping = true
        return batch
    }

    /// What was taken is kept, so that its effects may be done.
    package mutating func kept() {
        isKeeping = false
    }

    /// What was taken could not be kept: the core is ahead of the journal, so that nothing may be done any more.
    ///
    /// - Returns: the notes of what waits in vain.
    package mutating func failed() -> [Note] {
        hasFailed = true
        defer { line = [] }
        return line.map(\.note)
    }
}
