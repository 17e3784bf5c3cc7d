import Domain
import Wire

/// The shapes of the web administration's API, v15.5 to v18.
enum LegacyMessages {
    /// `{"list": […]}`: the envelope of every list. Rows that cannot be read are `nil`.
    struct List<Row: Decodable & Sendable>: Decodable, Sendable {
        let rows: [LossyElement<Row>]

        private enum CodingKeys: String, CodingKey {
            case rows = "list"
        }

        var readable: [Row] { rows.compactMap(\.value) }
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

    /// Opens a group. The id goes back as the number that it was; some versions give it as text.
    static func openGroup(_ id: String) -> JSONValue {
        ["Id": Int64(id).map { .integer($0) } ?? .string(id)]
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

    /// Asks for the members of an opened group from `start` on.
    static func members(of objectID: String, from start: Int) -> JSONValue {
        [
            "Path": ["ObjectId": .string(objectID), "PropertyPath": [["Name": "Members"]]],
            "PropertyValue": [
                "State": ["Start": .integer(Int64(start)), "SortBy": nil, "Reverse": false, "Search": ""]
            ],
        ]
    }

    /// An element of the array that answers the question for members.
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
