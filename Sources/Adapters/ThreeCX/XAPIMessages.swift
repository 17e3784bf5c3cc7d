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

    /// `Defs/Pbx.GetSystemParameters()`
    struct SystemParameters: Decodable, Sendable {
        /// How many digits an extension has.
        let extensionDigits: Int?

        private enum CodingKeys: String, CodingKey {
            case extensionDigits = "ENL"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let text = try container.wireText(forKey: .extensionDigits)
            extensionDigits = text.flatMap { Int($0) }.flatMap { (1...20).contains($0) ? $0 : nil }
        }
    }

    /// `Defs/Pbx.GetLicenseParameters()`
    struct LicenceParameters: Decodable, Sendable {
        let isEnterprise: Bool?
        let isProfessional: Bool?
        let productCode: String?
        let mostCalls: Int?

        private enum CodingKeys: String, CodingKey {
            case isEnterprise = "IsEnterprise"
            case isProfessional = "IsProfessional"
            case productCode = "ProductCode"
            case mostCalls = "MaxSimCalls"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            isEnterprise = try container.wireText(forKey: .isEnterprise).map { $0.lowercased() == "true" }
            isProfessional = try container.wireText(forKey: .isProfessional).map { $0.lowercased() == "true" }
            productCode = try container.wireText(forKey: .productCode)
            mostCalls = try container.wireText(forKey: .mostCalls).flatMap { Int($0) }
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
