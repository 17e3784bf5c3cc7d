import Domain
import FoundationEssentials

/// The shapes of the web administration's API, v15.5 to v18.
enum LegacyMessages {
    struct Login: Encodable {
        let username: String
        let password: String

        private enum CodingKeys: String, CodingKey {
            case username = "Username"
            case password = "Password"
        }
    }

    /// `{"list": […]}`: the envelope of every list. Rows that cannot be read are `nil`.
    struct List<Row: Decodable & Sendable>: Decodable, Sendable {
        let rows: [LossyElement<Row>]

        private enum CodingKeys: String, CodingKey {
            case rows = "list"
        }

        var readable: [Row] { rows.compactMap(\.value) }
        var unreadableCount: Int { rows.count { $0.value == nil } }
    }

    struct Group: Decodable {
        let id: String
        let name: String

        private enum CodingKeys: String, CodingKey {
            case id = "Id"
            case name = "Name"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = try container.decode(WireText.self, forKey: .id).text ?? ""
            name = try container.decode(WireText.self, forKey: .name).text ?? ""
        }
    }

    /// A row of a list of DNs: extensions, queues, ring groups, IVRs, trunks.
    struct Station: Decodable {
        let number: String
        let name: String?

        private enum CodingKeys: String, CodingKey {
            case number = "Number"
            case name = "Name"
            case firstName = "FirstName"
            case lastName = "LastName"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            number = try container.decode(WireText.self, forKey: .number).text ?? ""
            let parts = try [CodingKeys.firstName, .lastName]
                .compactMap { try container.wireText(forKey: $0) }
            let name = try container.wireText(forKey: .name)
            self.name = DisplayName.clean(name ?? parts.joined(separator: " "))
        }
    }

    /// `/api/SystemStatus`. It holds the licence key as well, which is nobody's business.
    struct SystemStatus: Decodable {
        let version: String?
        let productCode: String?
        let mostCalls: Int?

        private enum CodingKeys: String, CodingKey {
            case version = "Version"
            case productCode = "ProductCode"
            case mostCalls = "MaxSimCalls"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            version = try container.wireText(forKey: .version)
            productCode = try container.wireText(forKey: .productCode)
            mostCalls = try container.wireText(forKey: .mostCalls).flatMap { Int($0) }
        }
    }

    struct OpenGroup: Encodable {
        let id: String

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            // The id goes back as the number that it was; some versions give it as text.
            if let number = Int64(id) {
                try container.encode(number, forKey: .id)
            } else {
                try container.encode(id, forKey: .id)
            }
        }

        private enum CodingKeys: String, CodingKey {
            case id = "Id"
        }
    }

    /// The answer to opening a group: an object on the server with the first page of members.
    struct OpenedGroup: Decodable {
        struct ActiveObject: Decodable {
            let members: Members

            private enum CodingKeys: String, CodingKey {
                case members = "Members"
            }
        }

        let objectID: WireText
        let activeObject: ActiveObject

        private enum CodingKeys: String, CodingKey {
            case objectID = "Id"
            case activeObject = "ActiveObject"
        }
    }

    struct Members: Decodable {
        let selected: [LossyElement<Member>]
        let count: WireText?
    }

    struct Member: Decodable {
        /// Every property of an edited object is wrapped in `_value`.
        private struct Property: Decodable {
            let value: WireText?

            private enum CodingKeys: String, CodingKey {
                case value = "_value"
            }
        }

        let number: String
        let name: String?

        private enum CodingKeys: String, CodingKey {
            case number = "Number"
            case firstName = "FirstName"
            case lastName = "LastName"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let number = try container.decode(Property.self, forKey: .number).value?.text ?? ""
            guard !number.isEmpty else {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no number"))
            }
            self.number = number
            let names = try [CodingKeys.firstName, .lastName]
                .compactMap { try container.decodeIfPresent(Property.self, forKey: $0)?.value?.text }
            name = DisplayName.clean(names.joined(separator: " "))
        }
    }

    /// Asks for the members from `start` on.
    struct MembersPage: Encodable {
        let objectID: String
        let start: Int

        private struct Path: Encodable {
            let objectID: String
            let properties = [["Name": "Members"]]

            private enum CodingKeys: String, CodingKey {
                case objectID = "ObjectId"
                case properties = "PropertyPath"
            }
        }

        private struct State: Encodable {
            let start: Int

            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(start, forKey: .start)
                try container.encodeNil(forKey: .sortBy)
                try container.encode(false, forKey: .reverse)
                try container.encode("", forKey: .search)
            }

            private enum CodingKeys: String, CodingKey {
                case start = "Start"
                case sortBy = "SortBy"
                case reverse = "Reverse"
                case search = "Search"
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(Path(objectID: objectID), forKey: .path)
            try container.encode(["State": State(start: start)], forKey: .value)
        }

        private enum CodingKeys: String, CodingKey {
            case path = "Path"
            case value = "PropertyValue"
        }
    }

    /// An element of the array that answers `MembersPage`.
    struct UpdatedItem: Decodable {
        struct Item: Decodable {
            let members: Members?

            private enum CodingKeys: String, CodingKey {
                case members = "Members"
            }
        }

        let item: Item?

        private enum CodingKeys: String, CodingKey {
            case item = "Item"
        }
    }
}
