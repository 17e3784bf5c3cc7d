/// Finds the name that was probably meant.
package enum NearestName {
    /// The candidate nearest to `name`, `nil` when none is near enough to be worth a guess.
    package static func nearest(to name: String, among candidates: [String]) -> String? {
        let wanted = normalised(name)
        guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let known = normalised(candidate)
            let limit = max(1, max(known.count, wanted.count) / 3)
            let distance =
                isExtension(wanted, of: known) ? 1 : damerauLevenshteinDistance(wanted, known)
            if distance <= limit, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.candidate
    }

    /// What to do about a name that nothing has.
    ///
    /// - Parameter words: Go before the list of the candidates, which is shown where none is near.
    static func remedy(for name: String, among candidates: [String], _ words: String) -> String {
        nearest(to: name, among: candidates).map { "did you mean \($0)?" }
            ?? "\(words) \(candidates.joined(separator: ", "))"
    }

    /// `password` for `pass`, `username` for `user`, `trunk` for `trunk_digits`.
    private static func isExtension(_ one: [Character], of other: [Character]) -> Bool {
        min(one.count, other.count) >= 4 && (one.starts(with: other) || other.starts(with: one))
    }

    private static func normalised(_ name: String) -> [Character] {
        Array(name.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 })
    }

    /// The number of insertions, deletions, replacements and swaps of neighbours that make one of the other (each place
    /// edited once at most).
    static func damerauLevenshteinDistance(_ left: [Character], _ right: [Character]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for (row, leftCharacter) in left.enumerated() {
            var current = [row + 1]
            for (column, rightCharacter) in right.enumerated() {
                let isEqual = leftCharacter == rightCharacter
                var distance = min(
                    previous[column + 1] + 1, current[column] + 1, previous[column] + (isEqual ? 0 : 1))
                if row > 0, column > 0, leftCharacter == right[column - 1], left[row - 1] == rightCharacter {
                    distance = min(distance, beforePrevious[column - 1] + 1)
                }
                current.append(distance)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }
}
