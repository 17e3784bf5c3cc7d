/// What may go wrong in a simulated world.
package typealias SimulationFaults = Set<SimulationFault>

package enum SimulationFault: String, CaseIterable, Sendable {
    /// Requests that are refused, reset, lost, late, or answered by a gateway in between.
    case network
    /// Zammad down, failing, misconfigured, refusing, or with its log wiped.
    case zammad
    /// Polls that fail, hang or miss a row; outages; restarts with reuse of call ids.
    case pbx
    /// A slow disk, and crashes right before and right after a commit.
    case disk
    /// The process is killed or restarted at any instant.
    case process
    /// The host loses its power around a commit, and with it a commit that is under way.
    case power
}

extension SimulationFaults {
    package static var all: SimulationFaults { Set(SimulationFault.allCases) }

    /// `all`, `none`, or names with commas between; `nil` for anything else.
    package init?(text: String) {
        switch text {
        case "all": self = .all
        case "none": self = []
        default:
            let faults = text.split(separator: ",", omittingEmptySubsequences: false)
                .map { SimulationFault(rawValue: String($0)) }
            guard !faults.contains(nil) else { return nil }
            self = Set(faults.compactMap(\.self))
        }
    }

    package var text: String {
        if self == .all { return "all" }
        return isEmpty ? "none" : SimulationFault.allCases.filter(contains).map(\.rawValue).joined(separator: ",")
    }
}
