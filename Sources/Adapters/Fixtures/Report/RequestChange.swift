/// A request of a replay, or one that was expected of it.
struct RequestChange: Sendable {
    enum Kind: String, Sendable {
        case same
        /// Expected, and not there.
        case missing
        /// There, and not expected.
        case surplus
    }

    let kind: Kind
    let request: ExpectedRequest
    /// The names of the fields in which it is unlike what came instead of it; none where nothing did.
    private(set) var unlike: Set<String> = []

    private init(_ kind: Kind, _ request: ExpectedRequest) {
        self.kind = kind
        self.request = request
    }

    /// Expected and actual requests in order; what is missing comes before what is there in its place.
    static func all(expected: [ExpectedRequest], actual: [ExpectedRequest]) -> [RequestChange] {
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in actual.map(\.line).difference(from: expected.map(\.line)) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var changes: [RequestChange] = []
        var (left, right) = (0, 0)
        while left < expected.count || right < actual.count {
            if removed.contains(left) {
                changes.append(RequestChange(.missing, expected[left]))
                left += 1
            } else if inserted.contains(right) {
                changes.append(RequestChange(.surplus, actual[right]))
                right += 1
            } else {
                changes.append(RequestChange(.same, actual[right]))
                left += 1
                right += 1
            }
        }
        return paired(changes)
    }

    /// Of what differs in one place each missing request is followed by the one that came instead of it, if there is
    /// one of the same event of the same call.
    private static func paired(_ changes: [RequestChange]) -> [RequestChange] {
        var result: [RequestChange] = []
        var index = 0
        while index < changes.count {
            let missing = changes[index...].prefix { $0.kind == .missing }
            var surplus = Array(changes[missing.endIndex...].prefix { $0.kind == .surplus })
            index = missing.endIndex + surplus.count
            for var change in missing {
                let place = surplus.firstIndex { $0.isOfSameEvent(as: change) }
                // Only what stands right below is compared field by field.
                if place == 0 {
                    change.unlike = Self.unlike(change.request, surplus[0].request)
                    surplus[0].unlike = change.unlike
                }
                result.append(change)
                guard let place else { continue }
                // What came before it in truth stays before it.
                result += surplus[...place]
                surplus.removeSubrange(...place)
            }
            result += surplus
            guard index < changes.count, changes[index].kind == .same else { continue }
            result.append(changes[index])
            index += 1
        }
        return result
    }

    private func isOfSameEvent(as other: RequestChange) -> Bool {
        request.payload.event == other.request.payload.event && request.payload.callID == other.request.payload.callID
    }

    private static func unlike(_ left: ExpectedRequest, _ right: ExpectedRequest) -> Set<String> {
        let first = Dictionary(uniqueKeysWithValues: left.fields.map { ($0.name, $0.value) })
        let second = Dictionary(uniqueKeysWithValues: right.fields.map { ($0.name, $0.value) })
        return Set(first.keys).union(second.keys).filter { first[$0] != second[$0] }
    }
}
