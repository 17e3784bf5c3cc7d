import Adapters

/// What an answer is chosen from.
struct SetupMenu: Sendable {
    let title: String?
    /// With what is said beside each.
    let items: [(value: String, words: String)]

    init(_ items: [(value: String, words: String)], title: String? = nil) {
        self.title = title
        self.items = items
    }

    /// Values that are numbers are typed themselves.
    private var hasPlaces: Bool { !items.allSatisfy { $0.value.allSatisfy(\.isNumber) } }

    var lines: [String] {
        let width = items.map(\.value.count).max() ?? 0
        return items.enumerated().map { index, item in
            let place = hasPlaces ? "\(index + 1)  ".leftPadded(to: 4) : ""
            let padding = String(repeating: " ", count: item.words.isEmpty ? 0 : width - item.value.count + 2)
            return "  \(place)\(item.value)\(padding)\(item.words)"
        }
    }

    /// The value that somebody means who types it, or its place in the list; `nil` for neither.
    func value(_ typed: String) -> String? {
        let values = items.map(\.value)
        if let same = values.first(where: { $0 == typed }) { return same }
        if let alike = values.first(where: { $0.lowercased() == typed.lowercased() }) { return alike }
        guard hasPlaces, let place = Int(typed), values.indices.contains(place - 1) else { return nil }
        return values[place - 1]
    }

    /// What to do about something that is not in the list.
    func remedy(for typed: String) -> String {
        NearestName.nearest(to: typed, among: items.map(\.value)).map { "did you mean \($0)?" }
            ?? "type what stands in the list"
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
