import Wire

/// An object of which a few fields are read once, each as `WireText`; a field of another shape says nothing.
struct WireFields: Decodable, Sendable {
    private let fields: [String: LossyElement<WireText>]

    init(from decoder: any Decoder) throws {
        fields = try decoder.singleValueContainer().decode([String: LossyElement<WireText>].self)
    }

    func text(_ name: String) -> String? { fields[name]?.value?.text }

    func number(_ name: String) -> Int? { text(name).flatMap { Int($0) } }

    func flag(_ name: String) -> Bool { text(name)?.lowercased() == "true" }
}
