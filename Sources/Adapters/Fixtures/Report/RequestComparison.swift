/// Expected and actual requests side by side.
struct RequestComparison: Sendable {
    enum Change: Equatable, Sendable {
        case same(ExpectedRequest)
        /// Expected, and not there.
        case missing(ExpectedRequest)
        /// There, and not expected.
        case surplus(ExpectedRequest)
    }

    /// In order; what is missing comes before what is there in its place.
    let changes: [Change]

    init(expected: [ExpectedRequest], actual: [ExpectedRequest]) {
        let difference = actual.map(\.line).difference(from: expected.map(\.line))
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var changes: [Change] = []
        var (left, right) = (0, 0)
        while left < expected.count || right < actual.count {
            if left < expected.count, removed.contains(left) {
                changes.append(.missing(expected[left]))
                left += 1
            } else if right < actual.count, inserted.contains(right) {
                changes.append(.surplus(actual[right]))
                right += 1
            } else if right < actual.count {
                changes.append(.same(actual[right]))
                left += 1
                right += 1
            } else {
                break
            }
        }
        self.changes = Self.paired(changes)
    }

    /// Of what differs in one place each missing request is followed by the one that came instead of it, if there is
    /// one of the same event of the same call.
    private static func paired(_ changes: [Change]) -> [Change] {
        var result: [Change] = []
        var index = 0
        while index < changes.count {
            let missing = changes[index...].prefix { if case .missing = $0 { true } else { false } }
            var surplus = Array(changes[missing.endIndex...].prefix { if case .surplus = $0 { true } else { false } })
            index = missing.endIndex + surplus.count
            for change in missing {
                result.append(change)
                guard let place = surplus.firstIndex(where: { isInstead($0, of: change) }) else { continue }
                // What came before it in truth stays before it.
                result += surplus[...place]
                surplus.removeSubrange(...place)
            }
            result += surplus
            guard index < changes.count, case .same = changes[index] else { continue }
            result.append(changes[index])
            index += 1
        }
        return result
    }

    private static func isInstead(_ surplus: Change, of missing: Change) -> Bool {
        surplus.request.payload.event == missing.request.payload.event
            && surplus.request.payload.callID == missing.request.payload.callID
    }

    /// For each change the names of the fields in which it is unlike what is in its place; all of them where nothing
    /// is.
    var unlikeFields: [Set<String>] {
        var result = changes.map { change -> Set<String> in
            if case .same = change { [] } else { Set(change.request.fields.map(\.name)) }
        }
        for (left, right) in zip(changes.indices, changes.indices.dropFirst()) {
            guard case .missing(let expected) = changes[left], case .surplus(let actual) = changes[right],
                Self.isInstead(changes[right], of: changes[left])
            else { continue }
            let unlike = Self.unlike(expected, actual)
            (result[left], result[right]) = (unlike, unlike)
        }
        return result
    }

    private static func unlike(_ left: ExpectedRequest, _ right: ExpectedRequest) -> Set<String> {
        let first = Dictionary(left.fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        let second = Dictionary(right.fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        return Set(first.keys).union(second.keys).filter { first[$0] != second[$0] }
    }
}

extension RequestComparison.Change {
    var request: ExpectedRequest {
        switch self {
        case .same(let request), .missing(let request), .surplus(let request): request
        }
    }
}
