import GRDB
import Testing

@testable import Adapters
@testable import Domain

/// The texts are what an operator's file holds: a change that breaks one of these tests would break the file.
@Suite("The rows of the journal")
struct JournalRowTests {
    private static let callID = CallID(text: "3cx-7-1000")
    private static let opening = CallCommand(
        event: .newCall, callID: callID, at: Instant(milliseconds: 1000), direction: .inbound, from: "030", to: "101")
    private static let openingText =
        #"{"at":1000,"callID":"3cx-7-1000","direction":"in","event":"newCall","from":"030","to":"101","users":[]}"#

    private static let hangup: CallCommand = {
        var command = CallCommand(
            event: .hangup, callID: callID, at: Instant(milliseconds: 3000), direction: .inbound, from: "030",
            to: "101", users: ["Anna"], answeringNumber: "101", userID: 7, queue: "80", cause: .normalClearing)
        command.zammad = "north"
        return command
    }()
    private static let hangupText =
        #"{"answeringNumber":"101","at":3000,"callID":"3cx-7-1000","cause":"normalClearing","direction":"in","#
        + #""event":"hangup","from":"030","queue":"80","to":"101","userID":7,"users":["Anna"],"zammad":"north"}"#

    private static let event = OutboxEvent(
        id: 5, command: hangup, attempts: 1, refusals: 2, faults: 3, restorations: 4)
    private static let eventText =
        #"{"attempts":1,"command":\#(hangupText),"faults":3,"id":5,"refusals":2,"restorations":4}"#

    private struct Lane: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var change: @Sendable (inout EventLane) -> Void
        var fields: [String: String]

        init(
            _ description: String, _ fields: [String: String], _ change: @escaping @Sendable (inout EventLane) -> Void
        ) {
            testDescription = description
            self.fields = fields
            self.change = change
        }

        var lane: EventLane {
            var lane = EventLane(opening: JournalRowTests.opening)
            change(&lane)
            return lane
        }

        var text: String {
            let fields = [
                "events": #"{"back":[],"front":[]}"#, "failures": "0", "isOver": "false", "isRejected": "false",
                "mustProbe": "false", "opening": JournalRowTests.openingText, "owesAnswer": "false",
                "status": #"{"idle":{}}"#,
            ].merging(self.fields) { $1 }
            return "{" + fields.sorted { $0.key < $1.key }.map { #""\#($0)":\#($1)"# }.joined(separator: ",") + "}"
        }
    }

    private static let lanes = [
        Lane("nothing to send", [:]) { _ in },
        Lane("ready", ["events": #"{"back":[\#(eventText)],"front":[]}"#, "status": #"{"ready":{}}"#]) {
            $0.events = [event]
        },
        Lane(
            "under way",
            [
                "events": #"{"back":[\#(eventText)],"front":[]}"#,
                "status": #"{"inFlight":{"_0":{"command":\#(openingText),"eventID":5,"id":9,"purpose":"probe"}}}"#,
                "mustProbe": "true",
            ]
        ) {
            $0.events = [event]
            $0.step = .probe
            $0.status = .inFlight(DeliveryAttempt(id: 9, eventID: 5, purpose: .probe, command: opening))
        },
        Lane(
            "in doubt",
            [
                "events": #"{"back":[\#(eventText)],"front":[]}"#, "status": #"{"waiting":{"until":33000}}"#,
                "doubt": #""timed out""#, "failures": "2", "isOver": "true",
            ]
        ) {
            $0.events = [event]
            $0.status = .waiting(until: Instant(milliseconds: 33000))
            $0.step = .lookUp(doubt: "timed out")
            $0.failures = 2
            $0.isOver = true
        },
        Lane("answered", ["deliveredAnswer": openingText]) { $0.answer = .told(opening) },
        Lane("the answer is owed", ["deliveredAnswer": openingText, "owesAnswer": "true"]) {
            $0.answer = .owed(opening)
        },
        Lane("dead and rejected", ["deadReason": #""\#(EventLane.deadReason)""#, "isRejected": "true"]) {
            $0.isDead = true
            $0.isRejected = true
        },
    ]

    @Test("of lanes stand as they always did", arguments: lanes)
    private func lane(_ lane: Lane) throws {
        let coding = JournalCoding()
        #expect(try coding.text(LaneRow(lane.lane)) == lane.text)
        #expect(try coding.value(LaneRow.self, lane.text, table: "lanes", key: "").lane == lane.lane)
    }

    @Test("of versions that had the events in two stacks are read in order")
    func twoStacks() throws {
        func event(_ id: Int) -> String { Self.eventText.replacing(#""id":5"#, with: #""id":\#(id)"#) }
        let text = Lane(
            "", ["events": #"{"back":[\#(event(3)),\#(event(4))],"front":[\#(event(2)),\#(event(1))]}"#]
        ) { _ in }.text
        let lane = try JournalCoding().value(LaneRow.self, text, table: "lanes", key: "").lane
        #expect(lane.events.map(\.id) == [1, 2, 3, 4])
    }

    /// Otherwise the question for the hangup would be one about that event, and the hangup would be told twice.
    @Test("of versions that put another event before a hangup in doubt are read with the hangup first")
    func hangupInDoubtFirst() throws {
        let answer = Self.eventText.replacing(#""hangup""#, with: #""answer""#).replacing(#""id":5"#, with: #""id":3"#)
        let text = Lane(
            "", ["doubt": #""timed out""#, "events": #"{"back":[],"front":[\#(Self.eventText),\#(answer)]}"#]
        ) { _ in }.text
        let lane = try JournalCoding().value(LaneRow.self, text, table: "lanes", key: "").lane
        #expect(lane.events.map(\.command.event) == [.hangup, .answer])
    }

    @Test("of dead letters and unconfirmed events stand as they always did")
    func setAside() throws {
        let coding = JournalCoding()
        for (outcome, name, isRejected) in [
            (SetAsideEvent.Outcome.deadLetter, "deadLetter", true), (.unconfirmed, "unconfirmed", false),
        ] {
            let setAside = SetAsideEvent(
                event: Self.event, outcome: outcome, reason: "418", at: Instant(milliseconds: 4000),
                opening: Self.opening, deliveredAnswer: isRejected ? nil : Self.hangup, isRejected: isRejected)
            let answer = isRejected ? "" : #""deliveredAnswer":\#(Self.hangupText),"#
            let text =
                #"{"at":4000,\#(answer)"event":\#(Self.eventText),\#(isRejected ? #""isRejected":true,"# : "")"#
                + #""opening":\#(Self.openingText),"outcome":"\#(name)","reason":"418"}"#
            #expect(try coding.text(SettledRow(setAside)) == text)
            #expect(try coding.value(SettledRow.self, text, table: "settled", key: "").setAside == setAside)
        }
    }

    private static let reported: ReportedCall = {
        var call = ReportedCall(
            callID: callID, firstSeen: Instant(milliseconds: 1000), direction: .inbound, externalNumber: "030",
            queue: Station(dn: "80"), announced: Station(dn: "101", name: "Anna"), zammad: "north")
        (call.hasMoved, call.isDropAsked, call.externalName, call.isNumberDialled) = (true, true, "Eva", true)
        return call
    }()
    private static let reportedText =
        #"{"announced":{"dn":"101","name":"Anna"},"callID":"3cx-7-1000","direction":"in","externalName":"Eva","#
        + #""externalNumber":"030","firstSeen":1000,"hasMoved":true,"isDropAsked":true,"isNumberDialled":true,"#
        + #""queue":{"dn":"80"},"zammad":"north"}"#

    private static let observed = ObservedCall(
        id: PBXCallID("7"), direction: .outbound, external: ExternalParty(number: "030", name: "Eva"), isRouted: true,
        trunk: "10000", did: "040",
        legs: [CallLeg(dn: "101", name: "Anna", role: .agent, state: .dialing, isMonitored: true)])
    private static let observedText =
        #"{"did":"040","direction":"outbound","directionIsGuess":false,"external":{"name":"Eva","number":"030"},"#
        + #""id":"7","isRouted":true,"#
        + #""legs":[{"dn":"101","isMonitored":true,"name":"Anna","role":"agent","state":"dialing"}],"trunk":"10000"}"#

    private static let calls: [(CallState, String)] = [
        (.dialled(observed, until: Instant(milliseconds: 3000)), #"{"dialled":{"_0":\#(observedText),"until":3000}}"#),
        (.live(reported, .ringing), #"{"live":{"_0":\#(reportedText),"_1":{"ringing":{}}}}"#),
        (.live(reported, .voicemail), #"{"live":{"_0":\#(reportedText),"_1":{"voicemail":{}}}}"#),
        (
            .ending(
                reported, .answered(by: Station(dn: "102")), since: Instant(milliseconds: 4000),
                until: Instant(milliseconds: 5000)),
            #"{"lingering":{"_0":\#(reportedText),"_1":{"answered":{"by":{"dn":"102"}}},"since":4000,"until":5000}}"#
        ),
    ]

    @Test("of calls stand as they always did", arguments: calls)
    func call(_ state: CallState, _ text: String) throws {
        let coding = JournalCoding()
        #expect(try coding.text(#require(CallRow(state))) == text)
        #expect(try coding.value(CallRow.self, text, table: "calls", key: "").state == state)
    }

    @Test("hold no call that the next poll shows again anyway")
    func unkept() {
        #expect(CallRow(.ignored(.internalCall, nil)) == nil)
        #expect(CallRow(.joining(Self.observed, nil)) == nil)
    }

    @Test(
        "of the history name a state as this version or one before 1.0 does",
        arguments: [
            ("ignored", CallTransition.State.ignored), ("untracked", .ignored), ("ending", .ending),
            ("lingering", .ending), ("ended", .ended),
        ])
    func state(_ word: String, _ state: CallTransition.State) throws {
        let read = try JournalCoding().value(CallTransition.State.self, "\"\(word)\"", table: "history", key: "")
        #expect(read == state)
    }

    private static let call: EndedCall = {
        var call = EndedCall(
            callID: callID, direction: .inbound, number: "030", digits: "4930", name: "Eva",
            agent: Station(dn: "101", name: "Anna"), queue: Station(dn: "80"), outcome: .answered,
            startedAt: Instant(milliseconds: 1000), endedAt: Instant(milliseconds: 3000))
        call.zammad = "north"
        return call
    }()
    private static let callText =
        #"{"agent":{"dn":"101","name":"Anna"},"callID":"3cx-7-1000","digits":"4930","direction":"in","endedAt":3000,"#
        + #""name":"Eva","number":"030","outcome":"answered","queue":{"dn":"80"},"startedAt":1000,"zammad":"north"}"#

    private static let states: [(TicketJob.State, String)] = [
        (.ready(.findCustomer), #"{"ready":{"_0":{"findCustomer":{}}}}"#),
        (.ready(.createCustomer), #"{"ready":{"_0":{"createCustomer":{}}}}"#),
        (
            .waiting(.findTicket(customer: 7), until: Instant(milliseconds: 5000)),
            #"{"waiting":{"_0":{"findTicket":{"customer":7}},"until":5000}}"#
        ),
        (
            .dead(.createTicket(customer: 7), reason: "422", at: Instant(milliseconds: 5000)),
            #"{"dead":{"_0":{"createTicket":{"customer":7}},"at":5000,"reason":"422"}}"#
        ),
        (
            .inFlight(TicketAttempt(id: 9, jobID: 8, step: .addArticle(ticket: 3, customer: 7), call: call)),
            #"{"inFlight":{"_0":{"call":\#(callText),"id":9,"jobID":8,"#
                + #""step":{"addArticle":{"customer":7,"ticket":3}}}}}"#
        ),
    ]

    @Test("of tickets stand as they always did", arguments: states)
    func ticket(_ state: TicketJob.State, _ stateText: String) throws {
        var job = TicketJob(id: 8, call: Self.call, state: state)
        (job.attempts, job.eventWaits, job.failures, job.faults, job.lastFailure) = (1, 2, 3, 4, "422")
        let text =
            #"{"attempts":1,"call":\#(Self.callText),"eventWaits":2,"failures":3,"faults":4,"id":8,"#
            + #""lastFailure":"422","state":\#(stateText)}"#
        let coding = JournalCoding()
        #expect(try coding.text(TicketJobRow(job)) == text)
        #expect(try coding.value(TicketJobRow.self, text, table: "tickets", key: "").job == job)
    }
}

extension SavedCore {
    /// What it is after a journal has kept and given it.
    func throughJournal() throws -> SavedCore {
        let queue = try DatabaseQueue()
        try JournalSchema.current.migrator().migrate(queue)
        var change = CoreChange()
        for (id, state) in calls { change.calls.updateValue(state, forKey: id) }
        for (id, lane) in lanes { change.lanes.updateValue(lane, forKey: id) }
        for (id, event) in setAside { change.setAside.updateValue(event, forKey: id) }
        for (name, account) in accounts { change.accounts.updateValue(account, forKey: name) }
        for (id, job) in tickets { change.tickets.updateValue(job, forKey: id) }
        change.lastID = lastID
        let kept = change
        return try queue.write { database in
            try JournalState.apply(kept, database)
            return try JournalState.load(database)
        }
    }
}
