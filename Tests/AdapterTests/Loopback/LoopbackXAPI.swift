import Adapters

/// The configuration interface of a PBX of version 20: lists by path, such as `Groups` and `Groups(35)/Members`.
struct LoopbackXAPI: Equatable, Sendable {
    struct Member: Equatable, Sendable {
        var number: String
        var name = ""
        /// `Extension`, `Queue`, `RingGroup`, …; only members of groups show it.
        var type = "Extension"
    }

    /// When a page that is not the last names the next one.
    enum NextLink: Equatable, Sendable {
        case never
        /// As OData servers do whose own page is shorter than the list.
        case withoutTop
        case always
    }

    static let path = "/xapi/v1"

    var access = CallControlPBXState.Access.allowed
    /// What single lists are answered with, by their path without keys: `Groups`, `Groups/Members`, `Defs`,
    /// `Defs/Pbx.GetSystemParameters()`, `ActiveCalls`.
    var refused: [String: Int] = [:]
    var lists: [String: [LoopbackJSON]] = ["Groups": [], "Queues": [], "RingGroups": [], "Users": [], "Trunks": []]
    /// Nil: derived from the participants.
    var activeCalls: [LoopbackActiveCall]?
    var version = "20.0.8.1121"
    var extensionLength: Int64 = 3
    var licence: LoopbackJSON = [
        "IsEnterprise": true, "IsProfessional": false, "MaxSimCalls": 16, "ProductCode": "3CXENT",
    ]
    /// What the server's clock shows, as in the header `Date`; nil leaves the header out.
    var date: String?
    /// No page is longer.
    var pageSize = 100
    /// More is refused when it is asked for by `$top`.
    static let longestTop = 100
    var nextLink = NextLink.withoutTop

    mutating func addGroup(_ id: Int, _ name: String, number: String? = nil, members: [Member]) {
        append(
            "Groups",
            [
                "Id": .integer(Int64(id)), "Name": .string(name), "Number": .string(number ?? "GRP\(id)"),
                "IsDefault": false, "HasMembers": .bool(!members.isEmpty),
            ])
        lists["Groups(\(id))/Members"] = members.enumerated().map { index, member in
            [
                "Id": .integer(Int64(id * 1000 + index)), "GroupId": .integer(Int64(id)),
                "Number": .string(member.number),
                "MemberName": .string(member.name), "Name": .string(name), "Type": .string(member.type),
                "CanDelete": true, "Tags": [], "Rights": ["RoleName": "users"],
            ]
        }
    }

    mutating func addQueue(_ id: Int, _ number: String, _ name: String, agents: [Member]) {
        append(
            "Queues",
            [
                "Id": .integer(Int64(id)), "Number": .string(number), "Name": .string(name),
                "PollingStrategy": "RingAll",
                "RingTimeout": 20, "MasterTimeout": 120, "IsRegistered": true,
            ])
        lists["Queues(\(id))/Agents"] = people(agents, of: id, ["SkillGroup": "1"])
    }

    mutating func addRingGroup(_ id: Int, _ number: String, _ name: String, members: [Member]) {
        append(
            "RingGroups",
            [
                "Id": .integer(Int64(id)), "Number": .string(number), "Name": .string(name), "RingStrategy": "RingAll",
                "RingTime": 20, "IsRegistered": true,
            ])
        lists["RingGroups(\(id))/Members"] = people(members, of: id, [:])
    }

    mutating func addUser(_ number: String, first: String, last: String, email: String = "") {
        append(
            "Users",
            [
                "Id": .integer(Int64(29 + (lists["Users"]?.count ?? 0))), "Number": .string(number),
                "FirstName": .string(first), "LastName": .string(last), "EmailAddress": .string(email),
                "DisplayName": .string(last.isEmpty ? first : "\(last), \(first)"),
            ])
    }

    mutating func addTrunk(_ number: String, externalNumber: String = "", didNumbers: [String] = []) {
        append(
            "Trunks",
            [
                "Id": .integer(Int64(70 + (lists["Trunks"]?.count ?? 0))), "Number": .string(number),
                "ExternalNumber": .string(externalNumber), "DidNumbers": .array(didNumbers.map(LoopbackJSON.string)),
                "IsOnline": true,
            ])
    }

    /// Of a user, queue or ring group.
    func name(of number: String) -> String? {
        for (list, field) in [("Users", "DisplayName"), ("Queues", "Name"), ("RingGroups", "Name")] {
            if let row = lists[list]?.first(where: { $0["Number"]?.string == number }) { return row[field]?.string }
        }
        return nil
    }

    private mutating func append(_ list: String, _ row: LoopbackJSON) {
        lists[list, default: []].append(row)
    }

    private func people(_ members: [Member], of id: Int, _ more: [String: LoopbackJSON]) -> [LoopbackJSON] {
        members.enumerated().map { index, member in
            let row: [String: LoopbackJSON] = [
                "Id": .integer(Int64(id * 1000 + index)), "Number": .string(member.number),
                "Name": .string(member.name),
                "Tags": [],
            ]
            return .object(row.merging(more) { own, _ in own })
        }
    }
}
