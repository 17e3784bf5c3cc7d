import Domain
import Ports

/// A setting after its text was read according to the kind of its key.
enum InterpretedValue: Equatable, Sendable {
    case absent
    case boolean(Bool)
    case integer(Int)
    case duration(Duration)
    case text(String)
    case list([String])
    /// Extension → what stands for the agent in Zammad, in the operator's order.
    case agents([Agent])
    case automaticAgents
    case tickets([TicketField])
    case match(CallMatch)

    /// One key of `tickets`, with its value as text.
    struct TicketField: Equatable, Sendable {
        let name: String
        let value: String
    }

    struct Agent: Equatable, Sendable {
        let extensionNumber: String
        let zammadUser: String
        let location: ConfigurationLocation

        /// `nil` for a login or e-mail address.
        var userID: Int? { DecimalText.integer(zammadUser) }
    }
}
