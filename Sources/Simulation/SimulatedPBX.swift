import Domain
import Played

/// The calls of one world, and what polls show of them.
struct SimulatedPBX: Sendable {
    /// What one successful poll shows.
    struct Poll: Sendable {
        var snapshot: CallSnapshot
        /// Which of the true calls its rows are.
        var shown: [(call: Int, row: ObservedCall)]
        /// When a poll of all began whose end confirms what it does not show; `nil` for what an event tells.
        var begunAt: Instant?

        /// For the trace.
        var text: String {
            let rows = shown.map { _, row in
                let legs = row.legs.map { "\($0.dn) \($0.state.rawValue)" }.joined(separator: "+")
                return "#\(row.id) \(row.direction?.rawValue ?? "?") \(row.external?.number ?? "-") \(legs)"
            }
            return (snapshot.isComplete ? "" : "incomplete ") + "[" + rows.joined(separator: ", ") + "]"
        }
    }

    private(set) var calls: [SimulatedCall] = []
    /// When polls fail altogether.
    private var outages: [ClosedRange<Int64>] = []
    let listsLegs: Bool
    /// Whether each change is told as it happens, so that calls without legs are looked after.
    let pushes: Bool

    /// The instant at which the last call is over.
    var lastEnd: Int64 { calls.map(\.end).max() ?? 0 }

    /// `mayPush`: drawn apart, so that worlds without events are what they are.
    init(length: Int64, faults: SimulationFaults, mayPush: Bool, random: inout SplitMix64) {
        listsLegs = random.chance(0.5)
        pushes = listsLegs && mayPush
        var restarts: [Int64] = []
        if faults.contains(.pbx) {
            for _ in 0..<random.pick(0...2) {
                let start = random.pick(0...length)
                outages.append(start...min(length, start + random.pick(500...25_000)))
            }
            for _ in 0..<(random.chance(0.35) ? random.pick(1...2) : 0) {
                let instant = random.pick(5000...length)
                restarts.append(instant)
                outages.append(instant...min(length, instant + random.pick(200...15_000)))
            }
        }
        let count = random.pick(5...16)
        for serial in 0..<Int(count) {
            let kind = CallKind.allCases[Int(random.pick(0...Int64(CallKind.allCases.count - 1)))]
            let start = random.chance(0.1) ? random.pick(-8000 ... -1) : random.pick(0...length)
            var call = CallPlanner.plan(
                kind, serial: serial, start: start, listsLegs: listsLegs, pushes: pushes, random: &random)
            call.isBlocked = call.number != nil && random.chance(0.06)
            calls.append(call)
        }
        calls.sort { $0.start < $1.start }
        number(calls: restarts.sorted())
    }

    /// A restart ends what is live, and ids begin anew. The PBX gives an id of before only to a call that a poll can
    /// tell from the one of before: two anonymous callers under one id are the same to everybody who merely polls.
    private mutating func number(calls restarts: [Int64]) {
        var holders: [Int: Bool] = [:]
        var epoch = 0
        var next = 1
        for index in calls.indices {
            let current = restarts.count { $0 <= calls[index].start }
            if current != epoch { (epoch, next) = (current, 1) }
            if let end = restarts.first(where: { $0 > calls[index].start }) {
                calls[index].end = min(calls[index].end, end)
            }
            // What is dialled may become any number.
            let isPlain = calls[index].number != nil && calls[index].stages.first?.shown?.isRouted == false
            while let wasPlain = holders[next], !(isPlain && wasPlain) { next += 1 }
            holders[next] = isPlain
            calls[index].take(id: PBXCallID(String(next)))
            next += 1
        }
    }

    /// When something changes.
    var changes: [Int64] { calls.flatMap { call in call.stages.map(\.from) + [call.end] } }

    func isOut(at now: Int64) -> Bool {
        outages.contains { $0.contains(now) }
    }

    /// `missing`: which of the rows cannot be read, counted from the first; `nil` for none.
    func poll(at now: Int64, instant: Instant, missing: Int?) -> Poll {
        var shown: [(call: Int, row: ObservedCall)] = []
        for (index, call) in calls.enumerated() {
            if let row = call.shown(at: now) { shown.append((index, row)) }
        }
        let isComplete = missing == nil || shown.isEmpty
        if let missing, !shown.isEmpty { shown.remove(at: missing % shown.count) }
        let snapshot = CallSnapshot(
            takenAt: instant, calls: shown.map(\.row), isComplete: isComplete, listsLegs: listsLegs)
        return Poll(snapshot: snapshot, shown: shown)
    }
}
