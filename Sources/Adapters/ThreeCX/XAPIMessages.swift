import Domain
import Ports
import Wire

/// The shapes of XAPI (`/xapi/v1`, OData v4), v20 and later.
enum XAPIMessages {
    /// One page of a list.
    struct Page<Row: Decodable & Sendable>: Decodable, Sendable {
        let rows: [LossyElement<Row>]
        let nextLink: WireText?
        /// How many rows all pages have, where 3CX says so.
        let count: WireText?

        private enum CodingKeys: String, CodingKey {
            case rows = "value"
            case nextLink = "@odata.nextLink"
            case count = "@odata.count"
        }
    }

    /// A department, in which extensions, queues and others are members.
    struct Group: Decodable, Sendable {
        let id: Int64
        /// `GRP0001`
        let number: String?
        let name: String?

        private enum CodingKeys: String, CodingKey {
            case id = "Id"
            case number = "Number"
            case name = "Name"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = try container.decode(Int64.self, forKey: .id)
            number = try container.wireText(forKey: .number)
            name = try container.wireText(forKey: .name)
        }
    }

    /// A row that stands for a DN: of queues, ring groups, trunks, users, peers, and of members and agents of all of
    /// them.
    struct Station: Decodable, Sendable {
        let id: Int64?
        let number: String
        let name: String?
        /// `nil` where the list does not tell; `XAPIMessages.kind(ofType:)` knows the values.
        let type: String?
        let email: String?
        /// Of a trunk, where the list is asked for them.
        let didNumbers: [String]

        private enum CodingKeys: String, CodingKey {
            case didNumbers = "DidNumbers"
            case id = "Id"
            case number = "Number"
            case name = "Name"
            case memberName = "MemberName"
            case firstName = "FirstName"
            case lastName = "LastName"
            case displayName = "DisplayName"
            case type = "Type"
            case email = "EmailAddress"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            number = try container.wireText(forKey: .number) ?? ""
            guard (1...64).contains(number.utf8.count), number.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no number"))
            }
            id = try container.wireText(forKey: .id).flatMap { Int64($0) }
            let parts = try [CodingKeys.firstName, .lastName]
                .compactMap { try container.wireText(forKey: $0) }
            // A member's `Name` is that of its group.
            name =
                try DisplayName.clean(parts.joined(separator: " "))
                ?? DisplayName.clean(container.wireText(forKey: .memberName))
                ?? DisplayName.clean(container.wireText(forKey: .name))
                ?? DisplayName.clean(container.wireText(forKey: .displayName))
            type = try container.wireText(forKey: .type)
            let address = try container.wireText(forKey: .email) ?? ""
            didNumbers = try container.decodeIfPresent([WireText].self, forKey: .didNumbers)?.compactMap(\.text) ?? []
            email = address.contains("@") && address.utf8.count <= 254 ? address : nil
        }
    }

    /// `{"error":{"code","message","details":[…]}}`, with status 400.
    struct Refusal: Decodable {
        struct Cause: Decodable {
            let message: WireText?
        }

        let error: Cause
    }

    /// `nil` for what is no DN, and for `SpecialMenu`, which is the voicemail among others: there the name of the DN
    /// decides.
    static func kind(ofType type: String?) -> DNKind? {
        switch type?.lowercased() {
        case "extension": .extension
        case "queue": .queue
        case "ringgroup": .ringGroup
        case "ivr": .ivr
        case "externalline": .trunk
        case "specialmenu": .voicemail
        case "fax", "conference", "parking", "routepoint": .other
        default: nil
        }
    }
}
