import Adapters

/// What a PBX of version 16 or 18 knows; tests change it between two polls.
struct LegacyPBXState: Equatable, Sendable {
    enum LoginFailure: Equatable, Sendable {
        /// 401 with an empty body.
        case unauthorized
        /// 200 with the text `AuthFailed`.
        case authFailedText
    }

    /// `/api/activeCalls`: rows, or the raw text of the whole answer.
    enum Calls: Equatable, Sendable {
        case rows([LegacyCall])
        case raw(String)
    }

    var username = "admin"
    var password = "secret"
    var loginFailure = LoginFailure.unauthorized
    /// The status for a request without a living session; 401 was seen, 403 is what some proxies make of it.
    var expiredSessionStatus = 401
    var calls = Calls.rows([])
    /// `Now` in the answer of `/api/activeCalls`.
    var now = "2026-02-03T09:15:01.3304112+00:00"
    var groups: [LegacyGroup] = []
    /// Rows of the lists by path, such as `/api/TrunkList`.
    var lists: [String: [LoopbackJSON]] = [:]
    /// Lists that the account may not see or the version does not have, by path: the status.
    var deniedPaths: [String: Int] = [:]
    var systemStatus: LoopbackJSON = [
        "FQDN": "pbx.example.net", "Version": "18.0.9.20", "ProductCode": "3CXPSPROF", "LicenseKey": "REDACTED",
        "ExtensionsTotal": 14, "ExtensionsRegistered": 11, "TrunksTotal": 1, "TrunksRegistered": 1, "CallsActive": 1,
        "MaxSimCalls": 16, "HasNotRunningServices": false,
    ]
    /// Members are handed out in pages of this size.
    var pageSize = 10

    var sessions: Set<String> = []
    /// Successful logins so far.
    var logins = 0
    /// Failed logins so far.
    var failedLogins = 0
    /// Edit objects by id: the id of the group each was opened for.
    var editObjects: [Int64: Int64] = [:]

    mutating func setTrunks(_ trunks: [(number: String, name: String)]) {
        lists["/api/TrunkList"] = trunks.enumerated().map { index, trunk in
            [
                "Id": .integer(Int64(70 + index)), "Number": .string(trunk.number), "Name": .string(trunk.name),
                "ExternalNumber": "+493023125000", "Host": "sip.example.net", "Type": "Provider", "SimCalls": "10",
                "IsRegistered": true,
            ]
        }
    }

    mutating func setQueues(_ queues: [(number: String, name: String)]) {
        lists["/api/QueueList"] = queues.enumerated().map { index, queue in
            [
                "Id": .integer(Int64(55 + index)), "Number": .string(queue.number), "Name": .string(queue.name),
                "PollingStrategy": "RingAll", "RingTime": 20,
            ]
        }
    }

    mutating func setRingGroups(_ groups: [(number: String, name: String)]) {
        lists["/api/RingGroupList"] = groups.enumerated().map { index, group in
            [
                "Id": .integer(Int64(60 + index)), "Number": .string(group.number), "Name": .string(group.name),
                "Type": "RingAll", "NoAnswerDest": "VoiceMail 101",
            ]
        }
    }

    mutating func setExtensions(_ extensions: [(number: String, first: String, last: String)]) {
        lists["/api/ExtensionList"] = extensions.enumerated().map { index, one in
            [
                "Id": .integer(Int64(100 + index)), "Number": .string(one.number), "FirstName": .string(one.first),
                "LastName": .string(one.last),
            ]
        }
    }

    mutating func setIVRs(_ menus: [(number: String, name: String)]) {
        lists["/api/IVRList"] = menus.enumerated().map { index, menu in
            ["Id": .integer(Int64(80 + index)), "Number": .string(menu.number), "Name": .string(menu.name)]
        }
    }
}
