/// What the machine decided about one call at one instant, and why: a line of the log, a step of `explain`.
package struct CallDecision: Equatable, Sendable, Codable {
    package var at: Instant
    package var pbxCallID: PBXCallID
    /// `nil` for a call that is not reported.
    package var callID: CallID?
    package var direction: CallDirection?
    package var externalNumber: String?
    package var from: TransitionTable.State
    package var input: TransitionTable.Input
    package var to: TransitionTable.State
    package var reason: String
    package var commands: [CallCommand]
    package var phoneSystem: PhoneSystemName
}
