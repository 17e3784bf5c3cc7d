import Domain
import Ports

/// What the PBX's DNs are, and which of them are watched.
///
/// Where the PBX's lists can be read they decide; where not, the number of digits does (`extension_digits`,
/// `trunk_digits`), which is all that the reference bridge knows.
struct DialPlan: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        var kind: DNKind
        var name: String?
    }

    /// DNs whose kind is known for certain: from the PBX's lists or the configuration.
    var entries: [String: Entry] = [:]
    var monitored: Set<String> = []
    var extensionDigits: Int?
    var trunkDigits: Int?
    /// Whether the list of trunks was read: a DN that is not on it is then no trunk, whatever its digits.
    var knowsTrunks = false
    /// The DNs that are voicemail whatever the lists say; `nil`: `defaultVoicemail`, unless a list says otherwise.
    var voicemail: [NumberPattern]?
    /// The only number under which callers reach a trunk, by the trunk's DN; a trunk with several is not there.
    var dids: [String: String] = [:]

    /// The special menu that takes voice messages (seen on 20.0).
    static let defaultVoicemail = "666"

    /// The kind of a DN: from the configuration and the lists, else by its digits; `nil` if none tells.
    func kind(of dn: String) -> DNKind? {
        if voicemail?.contains(where: { $0.matches(dn) }) ?? false { return .voicemail }
        if let entry = entries[dn] { return entry.kind }
        if voicemail == nil, dn == Self.defaultVoicemail { return .voicemail }
        let length = dn.utf8.count
        guard length > 0, dn.isDigits else { return nil }
        if length == extensionDigits { return .extension }
        if !knowsTrunks, length == trunkDigits { return .trunk }
        return nil
    }

    /// Whether a DN that no list names is one of a trunk or a bridge to another 3CX, which have five digits from 10000
    /// on in all versions, where extensions are of another length.
    func looksLikeTrunk(_ dn: String) -> Bool {
        guard entries[dn] == nil, dn.utf8.count == 5, dn.utf8.first == UInt8(ascii: "1") else { return false }
        if let extensionDigits { return extensionDigits != 5 }
        let extensions = entries.lazy.filter { $0.value.kind == .extension }
        return !extensions.isEmpty && !extensions.contains { $0.key.utf8.count == 5 }
    }

    func name(of dn: String) -> String? {
        entries[dn]?.name
    }

    /// What is known of these kinds, by number.
    func stations(_ kinds: Set<DNKind>) -> [WatchList.Station] {
        entries.filter { kinds.contains($0.value.kind) }.sorted { PBXCallID($0.key) < PBXCallID($1.key) }
            .map { WatchList.Station($0.key, name: $0.value.name, kind: $0.value.kind) }
    }

    /// A ring group may be named as a queue as well; anything that the PBX says is an extension is still the operator's
    /// queue.
    mutating func watchQueue(_ number: String) {
        let known = entries[number]
        entries[number] = Entry(kind: known?.kind == .ringGroup ? .ringGroup : .queue, name: known?.name)
        monitored.insert(number)
    }

    mutating func watchAll(_ kinds: Set<DNKind>) {
        for (dn, entry) in entries where kinds.contains(entry.kind) { monitored.insert(dn) }
    }

    /// Takes over what was known of a kind whose list cannot be read this time.
    mutating func keep(_ kind: DNKind, from previous: DialPlan?) {
        guard let previous else { return }
        entries.merge(previous.entries.filter { $0.value.kind == kind }) { known, _ in known }
        if kind == .trunk { knowsTrunks = previous.knowsTrunks }
    }
}

extension DialPlan {
    /// What the configuration says.
    init(_ settings: BridgeConfiguration.PhoneSystem) {
        self.init(
            extensionDigits: settings.extensionDigits, trunkDigits: settings.trunkDigits,
            voicemail: settings.voicemailExtensions)
    }
}

extension String {
    /// Whether it has no other characters; also of an empty one.
    var isDigits: Bool { utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } }
}
