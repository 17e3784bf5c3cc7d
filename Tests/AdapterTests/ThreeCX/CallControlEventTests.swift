import Testing

@testable import Adapters

private typealias Event = Adapters.CallControlEvent

@Suite("An event of a 3CX v20")
struct CallControlEventTests {
    private static func entity(_ path: String) -> Event.Entity {
        Event.Entity(path)
    }

    @Test("names a participant, a DN, or something else")
    func entities() {
        let key = ParticipantKey(dn: "101", id: "8106")
        #expect(Self.entity("/callcontrol/101/participants/8106") == .participant(key))
        #expect(Self.entity("callcontrol/101/participants/8106/") == .participant(key))
        #expect(
            Self.entity("/callcontrol/a%20b%2Fc/participants/1") == .participant(ParticipantKey(dn: "a b/c", id: "1")))
        #expect(Self.entity("/callcontrol/101") == .station("101"))
        #expect(Self.entity("/callcontrol/101/participants") == .station("101"))
        for path in [
            "", "/", "/callcontrol", "/other/101", "/callcontrol/101/devices/1", "/callcontrol/101/participants/1/x",
            "/callcontrol/101/participants/..", "/callcontrol/101/participants/1%2F2", "/callcontrol/%zz",
            "/callcontrol/%", "/callcontrol/%ff/participants/1", "/callcontrol/%00",
        ] {
            #expect(Self.entity(path) == .other, "\(path)")
        }
    }

    @Test(
        "of another kind counts in the sequence alone",
        arguments: [
            #"{"sequence":3,"event":{"event_type":2,"entity":"/callcontrol/b/participants/9","attached_data":{"dtmf_input":"1"}}}"#,
            #"{"sequence":3,"event":{"event_type":4,"entity":"/x","attached_data":{"RequestID":"4","Response":[]}}}"#,
            #"{"sequence":"3","event":{"event_type":"DTMFstring"}}"#,
            #"{"Sequence":3,"Event":{"EventType":"Response","AttachedData":{"RequestID":"4"}}}"#,
            #"{"sequence":3,"event":{"event_type":0,"entity":"/callcontrol/101/devices/x"}}"#,
        ])
    func irrelevant(_ text: String) {
        #expect(Event.decode(Array(text.utf8)) == Event(sequence: 3, change: .irrelevant))
    }

    @Test(
        "of a type that is not known calls for a look",
        arguments: ["77", "5", "\"Modified\"", "\"\"", "null", "-1"])
    func unknownType(_ type: String) {
        let text =
            #"{"sequence":3,"event":{"event_type":\#(type),"entity":"/callcontrol/101/participants/1"}}"#
        guard case .unclear(let reason) = Event.decode(Array(text.utf8)).change else {
            Issue.record("\(type) is understood")
            return
        }
        #expect(reason.contains("type") || reason.contains("read"))
    }

    @Test(
        "is understood in other spellings",
        arguments: [
            #"{"Sequence":3,"Event":{"EventType":"Upsert","Entity":"/callcontrol/101/participants/9","AttachedData":null}}"#,
            #"{"sequence":3,"event":{"event_type":"upset","entity":"/CallControl/101/Participants/9"}}"#,
            #"{"SEQUENCE":"3","EVENT":{"EVENT_TYPE":"0","ENTITY":"/callcontrol/101/participants/9"}}"#,
        ])
    func otherSpelling(_ text: String) {
        #expect(
            Event.decode(Array(text.utf8))
                == Event(sequence: 3, change: .upserted(ParticipantKey(dn: "101", id: "9"), nil)))
        let removal = text.replacing("Upsert", with: "Remove").replacing("upset", with: "remove")
        guard removal != text else { return }
        #expect(
            Event.decode(Array(removal.utf8)).change
                == .removed(ParticipantKey(dn: "101", id: "9")))
    }

    @Test(
        "that cannot be read calls for a look",
        arguments: ["", "{}", "[]", "null", "<html>", #"{"sequence":1}"#, #"{"event":7}"#, #"{"event":{}}"#])
    func unreadable(_ text: String) {
        let event = Event.decode(Array(text.utf8))
        guard case .unclear(let reason) = event.change else {
            Issue.record("\(event)")
            return
        }
        #expect(reason.hasPrefix("an event cannot be read"))
        #expect(event.sequence == nil)
    }

    @Test("with a participant of another id attached, or one that cannot be read, asks for its own")
    func foreignAttachment() {
        for attached in [CallControlText.participant(id: 6, "Ringing"), "[]", "7", "{}", #"{"Response":[]}"#] {
            let text =
                #"{"sequence":1,"event":{"event_type":0,"entity":"/callcontrol/101/participants/5","#
                + #""attached_data":\#(attached)}}"#
            #expect(
                Event.decode(Array(text.utf8))
                    == Event(sequence: 1, change: .upserted(ParticipantKey(dn: "101", id: "5"), nil)))
        }
    }
}
