/// What a transfer from one agent to another does in Zammad, which knows no transfer of its own.
package enum TransferPolicy: String, CaseIterable, Sendable, Codable {
    /// A second `answer` that names the new agent: the customer opens for that agent, and the log shows who has the
    /// call now.
    case follow
    /// `hangup` with cause `forwarded`, then `newCall` and `answer` under a new call id: one row in Zammad for each
    /// agent.
    case split
    /// Nothing: the row keeps the first agent.
    case ignore
}
