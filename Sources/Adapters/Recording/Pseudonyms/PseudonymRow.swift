import Domain
import Wire

/// What the object around a value says: whose name it is.
struct PseudonymRow: Sendable {
    var number: String?
    var label: PseudonymNames.Label?
    var partyNumber: String?
    var partyIsOutside = true

    /// - Parameter place: The path of the list, or the key of the object.
    mutating func take(_ members: [String: JSONValue], listedBy place: String, _ directory: PseudonymDirectory) {
        if let label = PseudonymDirectory.label(ofList: place) { self.label = label }
        if let number = Self.text(members["Number"]) {
            self.number = number
            label = PseudonymDirectory.label(ofType: Self.text(members["Type"])) ?? directory.label(of: number) ?? label
        } else if label == .group {
            number = Self.text(members["Id"]) ?? number
        }
        if let dn = Self.text(members["party_dn"]) { partyNumber = dn }
        if let type = Self.text(members["party_dn_type"]) {
            partyIsOutside = CallControlType(type).kind == nil
            if partyIsOutside { partyNumber = nil }
        }
    }

    /// The text of a value, which may be wrapped.
    static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let integer): String(integer)
        case .object(let members): members["_value"].flatMap { text($0) }
        default: nil
        }
    }

    static func rewrapped(_ value: JSONValue, _ text: String) -> JSONValue {
        guard case .object(var members) = value else { return .string(text) }
        members["_value"] = .string(text)
        return .object(members)
    }

    /// `nil` if both are missing or blank.
    static func firstAndLast(_ members: [String: JSONValue]) -> (first: String, last: String)? {
        let first = text(members["FirstName"])?[...].trimmingBlanks() ?? ""
        let last = text(members["LastName"])?[...].trimmingBlanks() ?? ""
        return first.isEmpty && last.isEmpty ? nil : (String(first), String(last))
    }
}
