import Adapters

/// An extension group of a PBX before version 20.
struct LegacyGroup: Equatable, Sendable {
    struct Member: Equatable, Sendable {
        var id: Int64
        var number: String
        var firstName: String
        var lastName: String

        var json: LoopbackJSON {
            [
                "Id": .integer(id), "Number": ["_value": .string(number)], "FirstName": ["_value": .string(firstName)],
                "LastName": ["_value": .string(lastName)],
            ]
        }
    }

    var id: Int64
    var name: String
    var members: [Member]

    /// A group whose members have consecutive extensions, named after them.
    init(id: Int64, name: String, extensions: ClosedRange<Int>) {
        self.init(
            id: id,
            name: name,
            members: extensions.map {
                Member(id: Int64($0) - 1, number: String($0), firstName: "Agent", lastName: String($0))
            }
        )
    }

    init(id: Int64, name: String, members: [Member]) {
        self.id = id
        self.name = name
        self.members = members
    }

    var json: LoopbackJSON {
        [
            "Id": .integer(id), "Name": .string(name), "ExtensionsCount": .integer(Int64(members.count)),
            "CanBeDeleted": true,
        ]
    }

    /// The page of members that begins at `start`.
    func page(from start: Int, size: Int) -> LoopbackJSON {
        [
            "selected": .array(members.dropFirst(max(0, start)).prefix(size).map(\.json)),
            "itemsByPage": .integer(Int64(size)), "count": .integer(Int64(members.count)),
        ]
    }
}
