/// The id under which Zammad knows a call: `<instance>-<pbx call id>-<ms of first sight>`.
///
/// Made of its inputs alone, so that a replay gives the same one; unique although the PBX reuses its ids. Zammad keeps
/// ids for 12 months and wants them unique in the whole instance.
package struct CallID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    package init(text: String) {
        self.text = text
    }

    package init(instance: String, pbxCallID: PBXCallID, firstSeen: Instant) {
        text = "\(instance)-\(pbxCallID.text)-\(firstSeen.milliseconds)"
    }

    package var description: String { text }

    package static func < (left: CallID, right: CallID) -> Bool {
        left.text < right.text
    }
}

extension CallID: Codable {
    package init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
