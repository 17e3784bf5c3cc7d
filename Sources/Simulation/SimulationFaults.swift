/// What may go wrong in a simulated world.
package struct SimulationFaults: OptionSet, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Requests that are refused, reset, lost, late, or answered by a gateway in between.
    package static let network = SimulationFaults(rawValue: 1)
    /// Zammad down, failing, misconfigured, refusing, or with its log wiped.
    package static let zammad = SimulationFaults(rawValue: 2)
    /// Polls that fail, hang or miss a row; outages; restarts with reuse of call ids.
    package static let pbx = SimulationFaults(rawValue: 4)
    /// A slow disk, and crashes right before and right after a commit.
    package static let disk = SimulationFaults(rawValue: 8)
    /// The process is killed or restarted at any instant.
    package static let process = SimulationFaults(rawValue: 16)

    /// The host loses its power around a commit, and with it a commit that is under way.
    package static let power = SimulationFaults(rawValue: 32)

    package static let all: SimulationFaults = [.network, .zammad, .pbx, .disk, .process, .power]

    private static let names: [(String, SimulationFaults)] = [
        ("network", .network), ("zammad", .zammad), ("pbx", .pbx), ("disk", .disk), ("process", .process),
        ("power", .power),
    ]

    /// `all`, `none`, or names with commas between; `nil` for anything else.
    package init?(text: String) {
        switch text {
        case "all": self = .all
        case "none": self = []
        default:
            var faults: SimulationFaults = []
            for name in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let (_, fault) = Self.names.first(where: { $0.0 == name }) else { return nil }
                faults.insert(fault)
            }
            self = faults
        }
    }

    package var description: String {
        if self == .all { return "all" }
        return isEmpty ? "none" : Self.names.filter { contains($0.1) }.map(\.0).joined(separator: ",")
    }
}
