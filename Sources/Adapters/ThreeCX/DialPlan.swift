package import Domain
package import Ports

/// What the PBX's DNs are, and which of them are watched.
///
/// Where the PBX's lists can be read they decide; where not, the number of digits does (`extension_digits`,
/// `trunk_digits`), which is all that the reference bridge knows.
package struct DialPlan: Equatable, Sendable, Codable {
    package struct Entry: Equatable, Sendable, Codable {
        package var kind: DNKind
        package var name: String?

        package init(kind: DNKind, name: String? = nil) {
            self.kind = kind
            self.name = name
        }
    }

    /// DNs whose kind is known for certain: from the PBX's lists or the configuration.
    package var entries: [String: Entry]
    package var monitored: Set<String>
    /// The only number under which callers reach a trunk, by the trunk's DN; a trunk with several is not there.
    package var dids: [String: String] = [:]
    package var extensionDigits: Int?
    package var trunkDigits: Int?
    /// The DNs that are voicemail whatever the lists say; `nil`: `defaultVoicemail`, unless a list says otherwise.
    package var voicemail: [NumberPattern]?
    /// Whether the list of trunks was read: a DN that is not on it is then no trunk, whatever its digits.
    package var knowsTrunks: Bool

    package init(
        entries: [String: Entry] = [:],
        monitored: Set<String> = [],
        extensionDigits: Int? = nil,
        trunkDigits: Int? = nil,
        knowsTrunks: Bool = false,
        voicemail: [NumberPattern]? = nil
    ) {
        self.entries = entries
        self.monitored = monitored
        self.extensionDigits = extensionDigits
        self.trunkDigits = trunkDigits
        self.knowsTrunks = knowsTrunks
        self.voicemail = voicemail
    }

    /// The special menu that takes voice messages (seen on 20.0).
    package static let defaultVoicemail = "666"

    /// The kind of a DN: from the configuration and the lists, else by its digits; `nil` if none tells.
    package func kind(of dn: String) -> DNKind? {
        if voicemail?.contains(where: { $0.matches(dn) }) ?? false { return .voicemail }
        if let entry = entries[dn] { return entry.kind }
        if voicemail == nil, dn == Self.defaultVoicemail { return .voicemail }
        let length = dn.utf8.count
        guard length > 0, dn.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
        if length == extensionDigits { return .extension }
        if !knowsTrunks, length == trunkDigits { return .trunk }
        return nil
    }

    /// Whether a DN that no list names is one of a trunk or a bridge to another 3CX, which have five digits from 10000
    /// on in all versions, where extensions are of another length.
    package func looksLikeTrunk(_ dn: String) -> Bool {
        guard entries[dn] == nil, dn.utf8.count == 5, dn.utf8.first == UInt8(ascii: "1") else { return false }
        if let extensionDigits { return extensionDigits != 5 }
        let extensions = entries.lazy.filter { $0.value.kind == .extension }
        return !extensions.isEmpty && !extensions.contains { $0.key.utf8.count == 5 }
    }

    package func name(of dn: String) -> String? {
        entries[dn]?.name
    }

    package func isMonitored(_ dn: String) -> Bool {
        monitored.contains(dn)
    }
}
