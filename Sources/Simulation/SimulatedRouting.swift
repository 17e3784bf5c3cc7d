import Domain

/// Which Zammad of the world gets a call: as rules for the core, and once more in plain words for those who check it.
enum SimulatedRouting: Sendable {
    /// There is one.
    case single
    /// The queue's calls go to the second, all others to the first.
    case queueToSecond
    /// What rings at 103 and 104 goes to the second, the queue's calls to the first, and nothing else to anybody.
    case nothingElse
    /// Each phone system has a Zammad of its own; those without one share the last.
    case byPhoneSystem

    static let names: [ZammadName] = ["north", "south"]

    var rules: [Routing.Rule] {
        func rule(_ zammad: Int, _ change: (inout CallMatch) -> Void = { _ in }) -> Routing.Rule {
            var match = CallMatch()
            change(&match)
            return Routing.Rule(zammad: Self.names[zammad], match: match)
        }
        func patterns(_ texts: String...) -> [NumberPattern] { texts.compactMap { NumberPattern($0) } }
        return switch self {
        case .single: []
        case .queueToSecond: [rule(1) { $0.queues = patterns("800-809") }, rule(0)]
        case .nothingElse:
            [rule(0) { $0.queues = patterns("80*") }, rule(1) { $0.extensions = patterns("103", "104") }]
        case .byPhoneSystem: [rule(0) { $0.phoneSystems = ["3cx"] }, rule(1)]
        }
    }

    /// `nil` for nobody.
    func zammad(for row: ObservedCall, of instance: String) -> Int? {
        let hasQueue = row.legs.contains { $0.dn == "800" }
        switch self {
        case .single: return 0
        case .queueToSecond: return hasQueue ? 1 : 0
        case .nothingElse: return hasQueue ? 0 : row.legs.contains { $0.dn == "103" || $0.dn == "104" } ? 1 : nil
        case .byPhoneSystem: return instance == "3cx" ? 0 : 1
        }
    }
}
