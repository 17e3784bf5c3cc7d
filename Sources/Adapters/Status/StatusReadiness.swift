/// Whether 3CX and Zammad can be reached: the body of `/readyz`.
struct StatusReadiness: Equatable, Sendable, Codable {
    var isReady: Bool
    var phoneSystem: Bool
    var zammad: Bool
    /// Why not; empty when it is ready.
    var reasons: [String]

    init(_ status: BridgeStatus) {
        let phoneSystems = status.phoneSystems ?? [status.phoneSystem]
        let zammads = status.zammads ?? [status.zammad]
        phoneSystem = phoneSystems.allSatisfy(\.isReachable)
        zammad = zammads.allSatisfy(\.isReachable)
        isReady = phoneSystem && zammad
        reasons = (phoneSystems + zammads).filter { !$0.isReachable }.map { side in
            side.words + (side.reason.map { ": \($0)" } ?? "")
        }
    }
}
