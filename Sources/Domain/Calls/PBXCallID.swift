/// The id that the PBX gives a call: constant while the call exists, reused after a restart of the PBX.
package struct PBXCallID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package var description: String { text }

    /// Ids are small numbers in practice: shorter ones first, so that 9 sorts before 10.
    package static func < (left: PBXCallID, right: PBXCallID) -> Bool {
        let (leftLength, rightLength) = (left.text.utf8.count, right.text.utf8.count)
        return leftLength == rightLength ? left.text < right.text : leftLength < rightLength
    }
}

extension PBXCallID: Codable {
    package init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
