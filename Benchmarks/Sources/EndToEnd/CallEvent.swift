/// An event of one call, as the phone system causes and the helpdesk receives it.
struct CallEvent: Hashable, Sendable {
    enum Kind: String, Sendable {
        case newCall
        case answer
        case hangup
    }

    var number: String
    var kind: Kind
}
