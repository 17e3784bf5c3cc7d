@testable import Domain

/// Drives the call machine with polls, as the core does, and tells what it did, line by line.
struct LifecycleStory {
    private(set) var machine: CallLifecycle
    private var view = CallSnapshot(takenAt: second(0), calls: [])
    /// The rows of the last step's inputs, also of those that leave no decision.
    private(set) var rows: [String] = []

    init(_ change: (inout CallLifecycle.Settings) -> Void = { _ in }) {
        var settings = CallLifecycle.Settings()
        change(&settings)
        machine = CallLifecycle(settings: settings)
    }

    /// The decisions with their commands, then every call that the machine holds.
    mutating func poll(_ calls: ObservedCall..., at seconds: Double) -> [String] {
        poll(calls, at: seconds)
    }

    mutating func poll(_ calls: [ObservedCall], at seconds: Double) -> [String] {
        let current = CallSnapshot(takenAt: second(seconds), calls: calls)
        let diff = SnapshotDiff(from: view, to: current)
        view = current
        return feed(.observed(diff), at: seconds)
    }

    mutating func feed(_ input: CallLifecycle.Input, at seconds: Double) -> [String] {
        rows = rows(of: input)
        let decisions = machine.handle(input, at: second(seconds))
        rows += Set(decisions.map(\.row)).subtracting(rows).sorted()
        return decisions.flatMap(\.lines) + state
    }

    /// A step as if it had followed from an input.
    mutating func take(_ step: CallTransition, of id: PBXCallID, at seconds: Double) -> [String] {
        machine.end(id, step, at: second(seconds))
        return machine.handle(.timePassed, at: second(seconds)).flatMap(\.lines) + state
    }

    var state: [String] {
        machine.calls.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.text)" }
    }

    private func rows(of input: CallLifecycle.Input) -> [String] {
        guard case .observed(let diff) = input else { return [] }
        let vanished = diff.vanished.compactMap { machine.calls[$0] }.map { "\($0.kind.rawValue).vanished" }
        let seen = (diff.changed + diff.appeared).map { call in
            let state = machine.calls[call.id]
            let kind = state?.kind ?? .unknown
            return "\(kind.rawValue).\(machine.settings.assess(call, state?.known).input.rawValue)"
        }
        return vanished + seen
    }
}
