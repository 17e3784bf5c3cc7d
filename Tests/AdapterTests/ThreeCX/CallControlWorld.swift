import Domain
import FoundationEssentials
import Ports
import Testing

@testable import Adapters

/// A 3CX v20 on the scripted transport.
struct CallControlWorld {
    let transport: ScriptedTransport
    let clock: SteppedClock
    let view: CallControlView

    static let token = "POST /connect/token"
    static let calls = "GET /callcontrol"

    init(
        _ changes: [String: [ScriptedTransport.Step]] = [:],
        settings: PhoneSystemSettings = PhoneSystemExamples.settings { $0.groups = [] }
    ) throws {
        let script = [Self.token: [Self.minted("t")], Self.calls: [.json(CallControlSamples.idle)]]
        transport = ScriptedTransport(script.merging(changes) { $1 })
        clock = SteppedClock()
        view = try #require(CallControlView(PhoneSystemConnection(settings, transport: transport, clock: clock)))
    }

    static func minted(_ token: String, expiresIn: String = "60") -> ScriptedTransport.Step {
        .json(#"{"token_type":"Bearer","expires_in":\#(expiresIn),"access_token":"\#(token)","refresh_token":null}"#)
    }

    static func jwt(_ payload: String) -> String {
        let encoded = Data(payload.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
        return "eyJhbGciOiJFUzI1NiJ9.\(encoded).c2lnbmF0dXJl"
    }

    func failure() async -> PollFailure? {
        do {
            let poll = try await view.poll()
            Issue.record("a snapshot instead of a failure: \(poll.snapshot)")
            return nil
        } catch {
            return error
        }
    }

    /// The calls of a sequence of answers, half a second apart.
    func calls(after answers: String...) async throws -> [ObservedCall] {
        var calls: [ObservedCall] = []
        for answer in answers {
            clock.advance(by: .milliseconds(500))
            transport.script(Self.calls, .json(answer))
            let poll = try await view.poll()
            #expect(poll.snapshot.isComplete)
            calls = poll.snapshot.calls
        }
        return calls
    }
}

/// Writes answers of `GET /callcontrol`.
enum CallControlText {
    static func participant(
        id: Int, _ status: String, call: Int = 7, leg: Int = 2, party: String = "10001",
        number: String = "+493023125001",
        name: String = "", type: String = "Wexternalline", origin: String = "", originType: String = "None",
        did: String = ""
    ) -> String {
        #"{"id":\#(id),"status":"\#(status)","party_caller_name":"\#(name)","party_dn":"\#(party)","#
            + #""party_caller_id":"\#(number)","party_did":"\#(did)","party_dn_type":"\#(type)","#
            + #""originated_by_dn":"\#(origin)","originated_by_type":"\#(originType)","callid":\#(call),"legid":\#(leg)}"#
    }

    static func station(_ dn: String, _ participants: String..., type: String = "Wextension") -> String {
        #"{"dn":"\#(dn)","type":"\#(type)","devices":[],"participants":[\#(participants.joined(separator: ","))]}"#
    }

    static func answer(_ stations: String...) -> String { "[\(stations.joined(separator: ","))]" }

    /// One participant on 101.
    static func on101(_ participant: String) -> String { answer(station("101", participant)) }
}
