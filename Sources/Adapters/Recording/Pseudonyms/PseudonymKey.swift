/// What the text under a key is, as far as it is replaced in a way of its own.
enum PseudonymKey: Sendable {
    /// A party of a call as 3CX writes it in its list of calls.
    case party
    /// Of a person or a line of the phone system.
    case personName
    /// Of the other side of a participant.
    case partyName
    /// An address within XAPI.
    case link
    case device
    case other(TraceRule)

    init(_ key: String) {
        switch TraceRule.plain(key) {
        case "caller", "callee": self = .party
        case "partycallername": self = .partyName
        case "odatanextlink": self = .link
        case "deviceid", "useragent": self = .device
        case "name", "displayname", "membername", "firstname", "lastname", "groupname": self = .personName
        default: self = .other(TraceRule(key: key))
        }
    }
}
