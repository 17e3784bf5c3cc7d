import Domain
import Wire

/// Parties as 3CX writes them, and addresses.
extension Pseudonymiser {
    /// `101 John Doe`, `10001 SIP-Trunk (+493012345)`, `Nick Sample (001231234)`, several of them with commas between.
    mutating func party(_ text: String) -> String {
        guard DisplayName.clean(text) != nil else { return text.isEmpty ? "" : " " }
        var runs: [String] = []
        for piece in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            if runs.isEmpty || PartyText(piece).lead != nil {
                runs.append(piece)
            } else {
                runs[runs.count - 1] += "," + piece
            }
        }
        return runs.map { run($0) }.joined(separator: ", ")
    }

    private mutating func run(_ text: String) -> String {
        let parts = PartyText(text)
        var name = parts.group == nil ? parts.rest : parts.name
        // In its own form, which `group` no longer has.
        let written = parts.rest.lastIndex(of: "(").map { parts.rest[parts.rest.index(after: $0)...].dropLast() } ?? ""
        let inside = PartyNumber.plain(String(written))
        var end = parts.group.map { "(\(keys(PartyNumber.called(inside) == nil ? $0 : inside)))" }
        if parts.group == nil, let withheld = TextParty.withheldEnd(of: parts.rest) {
            end = String(parts.rest[withheld...])
            name = String(parts.rest[..<withheld])
        }
        var words: [String] = []
        if let lead = parts.lead { words.append(keys(lead)) }
        if DisplayName.clean(name) != nil { words.append(self.name(name, in: parts, hasEnd: end != nil)) }
        if let end { words.append(end) }
        return words.joined(separator: " ")
    }

    /// A number; behind a dial code there may be one that nobody can tell from it.
    mutating func keys(_ text: String) -> String {
        PartyNumber.called(text) == nil ? "*0" : number(text)
    }

    private mutating func name(_ name: String, in parts: PartyText, hasEnd: Bool) -> String {
        if NumberPlan.compact(name) != nil { return number(name) }
        guard let lead = parts.lead, lead.utf8.count < PseudonymNumbers.shortest || numbers.stations.contains(lead)
        else {
            return names.replaced(name, as: .customer)
        }
        return names.replaced(name, as: directory.label(of: lead) ?? (hasEnd ? .trunk : .agent), number: lead)
    }

    // MARK: - Addresses

    mutating func link(_ text: String) -> String {
        guard let origin = HTTPOrigin(text) else { return target(text) }
        let isOwn =
            origin.scheme == self.origin?.scheme && origin.host == self.origin?.host
            && origin.effectivePort == self.origin?.effectivePort
        return (isOwn ? Self.host : "https://other.example.net") + target(HTTPOrigin.target(of: text))
    }

    /// Path and query.
    mutating func target(_ text: String) -> String {
        let path = text.prefix { $0 != "?" }
        let head = path.split(separator: "/", omittingEmptySubsequences: false).map { segment($0) }
            .joined(separator: "/")
        guard path.endIndex != text.endIndex else { return head }
        let fields = text[path.endIndex...].dropFirst().split(separator: "&", omittingEmptySubsequences: false)
        return head + "?" + fields.prefix(100).map { field($0) }.joined(separator: "&")
    }

    private mutating func field(_ field: Substring) -> String {
        let name = field.prefix { $0 != "=" }
        guard name.endIndex != field.endIndex else { return segment(field) }
        let value = field[name.endIndex...].dropFirst()
        // The bridge's own questions; a mark of the server's for the next page may hold anything.
        let isPlain = ["$top", "$skip", "$select"].contains(name)
        // Only rules that choose among several Zammads need them, and they are not part of a recording.
        if name == "$select" { return "$select=\(value.replacing(",DidNumbers", with: ""))" }
        return "\(segment(name))=" + (isPlain ? String(value) : names(String(value), .text).percentEncoded)
    }

    /// A DN, an id, or a word of the interface; what is none of them is replaced.
    mutating func segment(_ segment: Substring) -> String {
        let text = String(segment)
        if text.isDigits && text.utf8.count < 20 { return text }
        let decoded = text.percentDecoded ?? text
        if let literal = literals[decoded.lowercased()] { return literal }
        if text.utf8.count <= 60, TraceShape.consists(text, of: "().$-"), !hasNumber(text) { return text }
        return names(decoded, .text).percentEncoded
    }
}
