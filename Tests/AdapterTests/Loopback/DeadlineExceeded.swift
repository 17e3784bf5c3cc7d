/// The awaited event did not come in time.
struct DeadlineExceeded: Error, CustomStringConvertible {
    /// What was awaited, in words.
    let awaited: String
    let limit: Duration
    /// What had come instead, for the failure message.
    let seen: String

    var description: String {
        "waited \(limit) for \(awaited); last seen: \(seen)"
    }
}
