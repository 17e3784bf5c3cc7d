/// A call that is to be ended in the PBX, since Zammad blocks its caller.
package struct CallDrop: Equatable, Sendable, Codable {
    package var callID: CallID
    package var pbxCallID: PBXCallID
    package var phoneSystem: PhoneSystemName

    package init(callID: CallID, pbxCallID: PBXCallID, phoneSystem: PhoneSystemName) {
        self.callID = callID
        self.pbxCallID = pbxCallID
        self.phoneSystem = phoneSystem
    }
}
