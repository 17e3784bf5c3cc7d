/// Whether 3CX and Zammad can be reached: the body of `/readyz`.
struct StatusReadiness: Equatable, Sendable, Codable {
    var isReady: Bool
    var phoneSystem: Bool
    var zammad: Bool
    /// Why not; empty when it is ready.
    var reasons: [String]

    init(_ status: BridgeStatus) {
        phoneSystem = status.phoneSystem.isReachable
        zammad = status.zammad.isReachable
        isReady = phoneSystem && zammad
        reasons = [status.phoneSystem, status.zammad].filter { !$0.isReachable }.map { side in
            side.words + (side.reason.map { ": \($0)" } ?? "")
        }
    }
}
