package import Wire

/// One request that Zammad let change (or deliberately not change) a row of its caller log.
package struct ZammadEvent: Equatable, Sendable {
    package enum Effect: Equatable, Sendable {
        case applied
        /// An answer after the hangup: 200, and nothing changes.
        case ignored
        /// An inbound answer whose `user` is no string: the row changes and the reply is a 500.
        case appliedButFailed
    }

    package let name: String
    package let effect: Effect
    package let parameters: [String: JSONValue]
}
