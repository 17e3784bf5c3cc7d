/// One request that Zammad let change (or deliberately not change) a row of its caller log.
struct ZammadEvent: Equatable, Sendable {
    enum Effect: Equatable, Sendable {
        case applied
        /// An answer after the hangup: 200, and nothing changes.
        case ignored
        /// An inbound answer whose `user` is no string: the row changes and the reply is a 500.
        case appliedButFailed
    }

    let name: String
    let at: Int64
    let effect: Effect
    let parameters: [String: LoopbackJSON]
}
