/// Why a poll of the PBX gave no view, as far as it decides when to poll again.
package enum SourceFault: String, CaseIterable, Sendable, Codable {
    /// No answer, or a server error: it may pass by itself.
    case unreachable
    /// An answer that is not what the interface promises; a proxy gives one while the PBX behind it restarts.
    case malformedAnswer
    /// The PBX does not have this interface, for good or while it restarts.
    case interfaceMissing
    /// The login was rejected. Repeated ones may lock the account or bring the bridge's address onto the PBX's block
    /// list.
    case credentialsRefused
    /// The account may not ask this, or the licence does not cover it.
    case permissionMissing
    /// The configuration names something that the PBX does not have.
    case configuration

    /// Whether somebody has to do something before polls can work again.
    package var needsOperator: Bool {
        switch self {
        case .unreachable, .malformedAnswer, .interfaceMissing: false
        case .credentialsRefused, .permissionMissing, .configuration: true
        }
    }
}
