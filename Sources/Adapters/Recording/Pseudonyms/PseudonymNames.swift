import Domain

/// Other names for people, lines and whatever else a text may be: the same text always gets the same one.
struct PseudonymNames: Sendable {
    /// What a name that is seen for the first time is taken for.
    enum Label: String, Sendable {
        case customer = "Customer"
        case agent = "Agent"
        case queue = "Queue"
        case ringGroup = "Ring group"
        case trunk = "Trunk"
        case ivr = "IVR"
        case group = "Group"
        case line = "Line"
        case text = "Text"
    }

    private var known: [String: String] = [:]
    /// By the spelling in small letters: names that differ in it alone may be meant for each other.
    private var families: [String: String] = [:]
    private var taken: Set<String> = []
    private var counts: [Label: Int] = [:]

    /// - Parameter number: The DN or id that goes with the name.
    mutating func replaced(_ name: String, as label: Label, number: String? = nil) -> String {
        guard let clean = DisplayName.clean(name) else { return name.isEmpty ? "" : " " }
        if let words = TextParty.impersonal(clean) { return words }
        if let pseudonym = known[clean] { return pseudonym }
        let family = clean.lowercased()
        let base = families[family] ?? new(label, number)
        families[family] = base
        let pseudonym = clean == family ? base.lowercased() : clean == clean.uppercased() ? base.uppercased() : base
        // The first of a family is written as usual, whatever its letters.
        let chosen = taken.contains(base) ? pseudonym : base
        known[clean] = chosen
        taken.insert(chosen)
        return chosen
    }

    /// Another way to write a name that has a pseudonym already.
    mutating func learn(_ name: String, for pseudonym: String) {
        guard let clean = DisplayName.clean(name), known[clean] == nil else { return }
        known[clean] = pseudonym
    }

    private mutating func new(_ label: Label, _ number: String?) -> String {
        if let number, !number.isEmpty, number.utf8.count <= 8, number.isDigits {
            let pseudonym = "\(label.rawValue) \(number)"
            if !taken.contains(pseudonym) { return pseudonym }
        }
        while true {
            let count = (counts[label] ?? 0) + 1
            counts[label] = count
            let pseudonym = number == nil ? "\(label.rawValue) \(count)" : "\(label.rawValue) No \(count)"
            if !taken.contains(pseudonym) { return pseudonym }
        }
    }
}
