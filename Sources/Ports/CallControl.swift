package import Domain

/// Acts on calls in the PBX; optional, since not every interface and permission allows it.
package protocol CallControl: Sendable {
    /// Ends a call. A call that is gone already is no error.
    func drop(_ call: PBXCallID) async throws(LookFailure)
}
