/// Where a call comes from and goes to, seen from the PBX.
package enum CallDirection: String, CaseIterable, Sendable, Codable {
    /// An external party calls in.
    case inbound
    /// An extension calls an external party.
    case outbound
    /// No external party takes part.
    case `internal`
}
