import Domain
import Ports
import Wire

/// Ending a call.
extension CallControlView {
    /// More than any ring group has.
    private static let mostParticipants = 100

    /// XAPI ends a call as a whole, where it may be used. Call control ends connections: of the call's connections all
    /// that are in sight.
    func drop(_ call: PBXCallID) async -> CallDropOutcome {
        if let whole, isWholeUsable {
            let outcome = await whole.drop(call)
            guard case .failed = outcome else { return outcome }
        }
        let paths = table.stations.filter(\.isFollowed).flatMap { station in
            station.participants.filter { $0.callID == call }.map { participant in
                let dn = station.dn.percentEncoded
                return "\(Self.path)/\(dn)/participants/\(participant.id.percentEncoded)/drop"
            }
        }
        var outcome = CallDropOutcome.gone
        for path in paths.prefix(Self.mostParticipants) {
            do throws(PollFailure) {
                let one = requests.dropOutcome(try await owner.send(.post, path), path)
                if one == .dropped || outcome == .gone { outcome = one }
            } catch {
                if outcome == .gone { outcome = .failed(error) }
            }
        }
        return outcome
    }
}
