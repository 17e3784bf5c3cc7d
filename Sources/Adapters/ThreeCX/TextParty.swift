import Domain
import Ports

/// Who stands behind the text of `Caller` or `Callee`.
enum TextParty: Equatable {
    /// `trunk`: the trunk's DN, if the text names one. `party.number` is `nil` for an anonymous caller.
    case external(trunk: String?, ExternalParty)
    case `internal`(dn: String, name: String?, LegRole)
    /// A name alone, which no list has.
    case named(String)
    /// Nothing that tells: the PBX leaves the text empty while it sets up a call.
    case unknown

    /// Judges a text by the dial plan: the PBX's lists where they say what a DN is, else the number of digits.
    init(_ text: String, dialPlan: DialPlan) {
        let parts = PartyText(text)
        if let lead = parts.lead {
            self = Self.withLead(lead, parts, dialPlan)
        } else if let group = parts.group {
            self = Self.resolvedContact(group, parts, dialPlan)
        } else if Self.saysWithheld(parts.rest) || Self.endsAnonymous(parts.rest) {
            self = .external(trunk: nil, ExternalParty())
        } else if Self.saysVoicemail(parts.rest) {
            let owner = String(parts.rest.reversed().prefix(while: \.isNumber).reversed())
            let isUsable = (1...64).contains(owner.utf8.count)
            self = .internal(dn: isUsable ? owner : "voicemail", name: DisplayName.clean(parts.rest), .voicemail)
        } else if let name = DisplayName.clean(parts.rest), name.contains(where: \.isLetter) {
            // Stations are never shown without their DN; should one be, it is not told as a caller.
            let isStation = dialPlan.entries.contains { Self.isName(name, of: $0.key, dialPlan) }
            self = isStation ? .unknown : .named(name)
        } else {
            self = .unknown
        }
    }

    /// All parties of a text: while a ring group rings, it may be a list (`101 John Doe, 102 Jane Roe`). Split only
    /// where an extension follows the comma, since names are written `Doe, John` as well.
    static func list(_ text: String, dialPlan: DialPlan) -> [TextParty] {
        var parts: [String] = []
        for piece in text.split(separator: ",", maxSplits: 200, omittingEmptySubsequences: false) {
            let lead = PartyText(String(piece)).lead
            let startsParty = lead.map { dialPlan.kind(of: $0) == .extension } ?? false
            if parts.isEmpty || startsParty {
                parts.append(String(piece))
            } else {
                parts[parts.count - 1] += "," + piece
            }
        }
        return parts.map { TextParty($0, dialPlan: dialPlan) }
    }

    private static func withLead(_ lead: String, _ parts: PartyText, _ dialPlan: DialPlan) -> TextParty {
        guard lead.isDigits else {
            return .external(trunk: nil, ExternalParty(number: lead, name: DisplayName.clean(parts.name)))
        }
        switch dialPlan.kind(of: lead) {
        case .trunk?:
            return .external(trunk: lead, ExternalParty(number: parts.group))
        case let kind?:
            return named(lead, parts, dialPlan) ?? station(lead, parts.rest, kind, dialPlan)
        case nil:
            break
        }
        // Only a trunk is followed by a withheld number.
        if endsAnonymous(parts.rest) { return .external(trunk: lead, ExternalParty()) }
        guard let group = parts.group else {
            if isLong(lead) {
                return .external(trunk: nil, ExternalParty(number: lead, name: DisplayName.clean(parts.name)))
            }
            if dialPlan.looksLikeTrunk(lead) { return .external(trunk: lead, ExternalParty()) }
            return station(lead, parts.rest, dialPlan.extensionDigits == nil ? .extension : .other, dialPlan)
        }
        // A text that ends with a number and does not begin with an extension: a trunk, or a contact whose name has
        // digits.
        if !isLong(group), let kind = dialPlan.kind(of: group), kind != .trunk {
            return station(group, "\(lead) \(parts.name)", kind, dialPlan)
        }
        return .external(trunk: lead, ExternalParty(number: group))
    }

    /// A name that begins with the digits of a DN, in a text that ends with the number of whoever it is: a contact, or
    /// another DN.
    private static func named(_ lead: String, _ parts: PartyText, _ dialPlan: DialPlan) -> TextParty? {
        guard let group = parts.group, group != lead, !isName(parts.rest, of: lead, dialPlan) else { return nil }
        let name = "\(lead) \(parts.name)"
        if isLong(group) { return .external(trunk: nil, ExternalParty(number: group, name: DisplayName.clean(name))) }
        guard let kind = dialPlan.kind(of: group), kind != .trunk,
            dialPlan.entries[group] != nil || dialPlan.entries[lead] == nil
        else { return nil }
        return station(group, name, kind, dialPlan)
    }

    /// Whether a DN is listed under this name, which may have a number in parentheses as well; v20 turns first and last
    /// names round.
    private static func isName(_ text: String, of dn: String, _ dialPlan: DialPlan) -> Bool {
        func words(_ text: String) -> [Substring] {
            text.lowercased().split { $0.isWhitespace || $0 == "," }.sorted()
        }
        return dialPlan.name(of: dn).map { words($0) == words(text) } ?? false
    }

    private static func resolvedContact(_ group: String, _ parts: PartyText, _ dialPlan: DialPlan) -> TextParty {
        if isLong(group) {
            return .external(trunk: nil, ExternalParty(number: group, name: DisplayName.clean(parts.name)))
        }
        switch dialPlan.kind(of: group) {
        case .trunk?: return .external(trunk: group, ExternalParty(name: DisplayName.clean(parts.name)))
        case let kind?: return station(group, parts.name, kind, dialPlan)
        case nil: return station(group, parts.name, dialPlan.extensionDigits == nil ? .extension : .other, dialPlan)
        }
    }

    private static func station(_ dn: String, _ text: String, _ kind: DNKind, _ dialPlan: DialPlan) -> TextParty {
        // A voicemail DN looks like an extension. Where no list names it, its name decides; where one does, only the
        // bare word.
        let listed = dialPlan.name(of: dn).map(letters)
        let says = listed == nil ? saysVoicemail(text) : letters(text) == "voicemail" && listed != "voicemail"
        let isVoicemail = kind == .voicemail || says
        return .internal(dn: dn, name: DisplayName.clean(text), isVoicemail ? .voicemail : kind.legRole)
    }

    private static func saysVoicemail(_ text: String) -> Bool {
        letters(text).hasPrefix("voicemail")
    }

    private static func letters(_ text: String) -> String {
        text.lowercased().filter { $0.isLetter }
    }

    /// Longer than any extension, so that it can only be an outside number.
    private static func isLong(_ number: String) -> Bool {
        number.utf8.count >= 7 || number.hasPrefix("+") || number.hasPrefix("00")
    }

    private static func endsAnonymous(_ text: String) -> Bool { withheldEnd(of: text) != nil }

    /// Where the parentheses begin that say that a number is withheld, at the end of a text.
    static func withheldEnd(of text: String) -> String.Index? {
        guard text.last == ")", let open = text.lastIndex(of: "(") else { return nil }
        return saysWithheld(String(text[text.index(after: open)...].dropLast())) ? open : nil
    }

    /// A text that is read for what it says, that the number is withheld or that it is the voicemail, without whom it
    /// names beside; `nil` for any other text.
    static func impersonal(_ text: String) -> String? {
        if saysWithheld(text) { return PartyNumber.plain(text) }
        guard saysVoicemail(text) else { return nil }
        let owner = String(text.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
        return owner.isEmpty || owner.utf8.count > 5 ? "Voicemail" : "Voicemail \(owner)"
    }

    /// Also as an address: `"Anonymous" <sip:anonymous@anonymous.invalid>`.
    private static func saysWithheld(_ text: String) -> Bool {
        var words = PartyNumber.plain(text).lowercased().split(whereSeparator: \.isWhitespace)
        if words.count == 2, ["number", "caller"].contains(words[1]) { words.removeLast() }
        return words.count == 1 && anonymousTexts.contains(String(words[0]))
    }

    private static let anonymousTexts: Set<String> = [
        "anonymous", "unknown", "private", "withheld", "restricted", "unavailable", "anonym",
    ]
}
