/// The calls that are known, by their ids.
///
/// Those of which something may come without their being seen are few among thousands. They are asked for after each
/// input, and for each call that vanishes; to look through all calls each time would cost the square of their number.
struct CallStates: Equatable, Sendable, Encodable {
    private var tracked: TrackedDictionary<PBXCallID, CallState>
    /// Those with a deadline. Like `joining`, this says nothing that the states do not say.
    private(set) var timed: Set<PBXCallID>
    private(set) var joining: Set<PBXCallID>

    init(_ states: [PBXCallID: CallState] = [:]) {
        tracked = TrackedDictionary(states)
        timed = Set(states.filter { $0.value.deadline != nil }.keys)
        joining = Set(states.filter(\.value.isJoining).keys)
    }

    var all: [PBXCallID: CallState] { tracked.values }

    subscript(id: PBXCallID) -> CallState? {
        get { tracked[id] }
        set {
            tracked[id] = newValue
            if newValue?.deadline != nil { timed.insert(id) } else { timed.remove(id) }
            if newValue?.isJoining == true { joining.insert(id) } else { joining.remove(id) }
        }
    }

    mutating func takeChanges() -> [(key: PBXCallID, before: CallState?, now: CallState?)] { tracked.takeChanges() }
}
