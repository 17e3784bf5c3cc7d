/// A call that is to be ended in the PBX, since Zammad blocks its caller.
package struct CallDrop: Equatable, Sendable, Codable {
    package var callID: CallID
    package var pbxCallID: PBXCallID
    /// The name of the PBX; `nil` for the only one.
    package var phoneSystem: String?

    package init(callID: CallID, pbxCallID: PBXCallID, phoneSystem: String? = nil) {
        self.callID = callID
        self.pbxCallID = pbxCallID
        self.phoneSystem = phoneSystem
    }
}
