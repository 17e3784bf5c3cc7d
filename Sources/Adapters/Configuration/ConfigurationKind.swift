/// The form that the value of a key must have.
enum ConfigurationKind: Equatable, Sendable {
    case boolean
    case integer(ClosedRange<Int>)
    /// Seconds, from and to.
    case duration(ClosedRange<Double>)
    case choice([String])
    case text
    /// Part of every call id, hence restricted.
    case instanceName
    /// A file of certificates that must be readable.
    case certificateFile
    /// `address:port`, or empty for none.
    case listenAddress
    case textList
    case extensionList
    /// Numbers, beginnings of numbers, and ranges.
    case patternList
    /// Outside numbers and beginnings of them.
    case outsideNumberList
    case countryPrefix
    /// What is dialled for an outside line.
    case linePrefix
    case host
    case endpoint
    /// A file that holds the secret of the key with the same name without `_file`.
    case secretFile
    case agents
    case tickets
    /// Routing to several Zammads.
    case match

    var isMapping: Bool {
        switch self {
        case .agents, .tickets, .match: true
        default: false
        }
    }

    var isList: Bool { [.textList, .extensionList, .patternList, .outsideNumberList].contains(self) }

    /// Completes "must be …".
    var expectation: String {
        switch self {
        case .boolean: "true or false"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .duration(let range):
            "a number of seconds from \(DurationText.text(range.lowerBound)) to \(DurationText.text(range.upperBound))"
        case .choice(let choices): "one of \(choices.joined(separator: ", "))"
        case .text: "a text"
        case .instanceName: "1 to 40 characters of A-Z, a-z, 0-9, dot, underscore and hyphen"
        case .certificateFile: "the path of a readable file"
        case .listenAddress: "an address and a port, or empty"
        case .textList: "a name or a list of names"
        case .extensionList: "a number of 1 to 20 digits or a list of such numbers"
        case .patternList:
            "a number, the beginning of numbers with * at its end, a range such as 800-816, or a list of these"
        case .outsideNumberList:
            "a phone number of 3 digits or more, with * at its end for all that begin like it, or a list of these"
        case .countryPrefix: "a country calling code of 1 to 4 digits"
        case .linePrefix: "1 to 3 digits"
        case .host: "an address with https:// or http:// and without a path"
        case .endpoint: "an https:// or http:// address with a path"
        case .secretFile: "the path of a readable file"
        case .agents: "a mapping of extensions to Zammad users, or auto"
        case .tickets:
            "off, missed, all, or a mapping with the keys create, group, title, body, create_customers, merge_window "
                + "and notify_customer"
        case .match: "a mapping with the keys queue, did, trunk, extension and pbx"
        }
    }

    /// Completes "write for example KEY: …".
    var example: String {
        switch self {
        case .boolean: "true"
        case .integer(let range): String(min(max(5, range.lowerBound), range.upperBound))
        case .duration(let range): DurationText.text(min(max(1, range.lowerBound), range.upperBound))
        case .choice(let choices): choices.first ?? ""
        case .text: "text"
        case .instanceName: "3cx-berlin"
        case .certificateFile: "/etc/ssl/certs/company.pem"
        case .listenAddress: "127.0.0.1:9315"
        case .textList: "Support"
        case .extensionList: "816"
        case .patternList: "[101, 11*, 800-816]"
        case .outsideNumberList: "[+4917012345, 0171*]"
        case .countryPrefix: "49"
        case .linePrefix: "0"
        case .host: "https://pbx.example.com"
        case .endpoint: "https://zammad.example.com/api/v1/cti/TOKEN"
        case .secretFile: "/etc/3cx-zammad-bridge/secret"
        case .agents: "{101: 7, 102: anna@example.com}"
        case .tickets: "{create: missed, group: Users}"
        case .match: "{queue: [816]}"
        }
    }
}
