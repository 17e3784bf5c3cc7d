import Testing

@testable import Domain

@Suite("What is sent before it is on the disk")
struct ForgettableActionTests {
    typealias Purpose = DeliveryAttempt.Purpose

    @Test(
        "is what bears repeating: no hangup, unless it is only asked for, and nothing that repairs a row",
        arguments: [
            (Purpose.deliver, CallCommand.Event.newCall, true), (.deliver, .answer, true), (.deliver, .hangup, false),
            (.probe, .newCall, false), (.replayAnswer, .answer, false), (.lookUp, .hangup, true),
        ])
    func attempts(_ purpose: Purpose, _ event: CallCommand.Event, mayBeForgotten: Bool) {
        let command =
            switch event {
            case .newCall: CallCommand.newCall("a")
            case .answer: CallCommand.answer("a")
            case .hangup: CallCommand.hangup("a")
            }
        let attempt = DeliveryAttempt(id: 1, eventID: 1, purpose: purpose, command: command)
        #expect(OutboxAction.attempt(attempt).mayBeForgotten == mayBeForgotten)
    }

    @Test("does not end a call in the PBX")
    func drop() {
        let drop = CallDrop(callID: CallID(text: "a"), pbxCallID: PBXCallID("7"), phoneSystem: nil)
        #expect(!OutboxAction.dropCall(drop).mayBeForgotten)
    }
}
