import FoundationEssentials
import Testing

@testable import Adapters
@testable import Domain

private typealias Table = ParticipantTable
private typealias Event = Adapters.CallControlEvent

/// A participant is told by what it does: "ringing", "connected". As a literal it is the one with the id 1.
extension CallControlMessages.Participant: ExpressibleByStringLiteral {
    init(stringLiteral status: String) { self.init(status) }

    fileprivate init(_ status: String, id: String = "1") {
        let text = #"{"id":"\#(id)","callid":"7","status":"\#(status)"}"#
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
        } catch {
            preconditionFailure("\(error)")
        }
    }
}

private func key(_ dn: String, _ id: String = "1") -> ParticipantKey { ParticipantKey(dn: dn, id: id) }

/// What is on each DN, as "101: ringing"; DNs without participants are left out.
private func text(_ picture: [ParticipantStation]) -> String {
    picture.filter { !$0.participants.isEmpty }
        .map { "\($0.dn): \($0.participants.map(\.status).joined(separator: "+"))" }.joined(separator: ", ")
}

private func listed(_ members: [String: [String: String]] = [:]) -> [ParticipantStation] {
    ["101", "102", "80"].map { dn in
        ParticipantStation(
            dn: dn, type: "Wextension",
            participants: (members[dn] ?? [:]).sorted { $0.key < $1.key }.map { .init($0.value, id: $0.key) })
    } + [ParticipantStation(dn: "bridge", type: "Wroutepoint", isFollowed: false)]
}

extension ParticipantTable {
    /// The pictures that an input gives.
    fileprivate mutating func pictures(_ input: Input) -> [String] { handle(input).pictures.map(text) }

    fileprivate mutating func upserted(
        _ key: ParticipantKey, _ attached: Participant? = nil, sequence: Int64? = nil
    ) -> Output {
        handle(.pushed(Event(sequence: sequence, change: .upserted(key, attached))))
    }

    fileprivate mutating func removed(_ key: ParticipantKey, sequence: Int64? = nil) -> Output {
        handle(.pushed(Event(sequence: sequence, change: .removed(key))))
    }

    fileprivate mutating func poll(_ members: [String: [String: String]] = [:]) -> Output {
        _ = handle(.pollStarted)
        return handle(.polled(listed(members)))
    }

    /// A table that follows events, with what a poll has shown.
    fileprivate static func following(
        _ members: [String: [String: String]] = [:], limits: Limits = Limits()
    ) -> Self {
        var table = Self(limits: limits)
        _ = table.handle(.opened)
        _ = table.poll(members)
        return table
    }
}

@Suite("The table of participants")
struct ParticipantTableTests {
    @Test("shows what each look shows while nothing is pushed, and hears no events")
    func polling() {
        var table = Table()
        #expect(table.poll(["101": ["1": "ringing"]]).pictures.map(text) == ["101: ringing"])
        #expect(table.upserted(key("102")) == Table.Output())
        #expect(table.removed(key("101")) == Table.Output())
        #expect(table.poll(["101": ["1": "connected"]]).pictures.map(text) == ["101: connected"])
        #expect(table.poll().pictures.map(text) == [""])
    }

    @Test("asks for what an event names, shows it, and shows it no more when it is removed")
    func oneCall() throws {
        var table = Table.following()
        let fetch = try #require(table.upserted(key("101")).fetches.first)
        #expect(fetch.key == key("101"))
        #expect(table.pictures(.fetched(fetch, .found("ringing"))) == ["101: ringing"])
        let again = try #require(table.upserted(key("101")).fetches.first)
        #expect(table.pictures(.fetched(again, .found("connected"))) == ["101: connected"])
        #expect(table.removed(key("101")).pictures.map(text) == [""])
    }

    @Test("says nothing of an event that changes nothing")
    func duplicates() throws {
        var table = Table.following(["101": ["1": "ringing"]])
        let fetch = try #require(table.upserted(key("101")).fetches.first)
        #expect(table.handle(.fetched(fetch, .found("ringing"))) == Table.Output())
        #expect(table.removed(key("102")) == Table.Output())
        #expect(table.upserted(key("101"), "ringing") == Table.Output())
    }

    @Test("asks for one participant once at a time, and again when it has changed meanwhile")
    func inOrder() throws {
        var table = Table.following()
        let first = try #require(table.upserted(key("101")).fetches.first)
        for _ in 0..<5_000 { #expect(table.upserted(key("101")) == Table.Output()) }
        let output = table.handle(.fetched(first, .found("ringing")))
        #expect(output.pictures.map(text) == ["101: ringing"])
        let second = try #require(output.fetches.first)
        #expect(output.fetches.count == 1)
        #expect(second != first)
        #expect(table.handle(.fetched(second, .found("ringing"))) == Table.Output())
    }

    @Test("takes nothing from an answer that is older than what it has")
    func lateAnswers() throws {
        var table = Table.following()
        let overtaken = try #require(table.upserted(key("102")).fetches.first)
        #expect(table.upserted(key("102"), "connected").pictures.map(text) == ["102: connected"])
        #expect(table.handle(.fetched(overtaken, .found("ringing"))) == Table.Output())
        #expect(table.handle(.fetched(overtaken, .gone)) == Table.Output())
    }

    @Test("shows what a participant was like that is gone before the answer came, for a moment")
    func goneBeforeItsAnswer() throws {
        var table = Table.following(["101": ["1": "ringing"]])
        let answered = try #require(table.upserted(key("101")).fetches.first)
        #expect(table.removed(key("101")) == Table.Output())
        #expect(table.pictures(.fetched(answered, .found("connected"))) == ["101: connected", ""])

        let new = try #require(table.upserted(key("101", "2")).fetches.first)
        #expect(table.removed(key("101", "2")) == Table.Output())
        #expect(table.pictures(.fetched(new, .found(.init("ringing", id: "2")))) == ["101: ringing", ""])

        let gone = try #require(table.upserted(key("101", "3")).fetches.first)
        #expect(table.removed(key("101", "3")) == Table.Output())
        #expect(table.handle(.fetched(gone, .gone)) == Table.Output())
    }

    @Test("takes a participant away that is gone and cannot be read", arguments: [Table.FetchResult.failed, .gone])
    fileprivate func goneAndUnread(_ result: Table.FetchResult) throws {
        var table = Table.following(["101": ["1": "ringing"]])
        let fetch = try #require(table.upserted(key("101")).fetches.first)
        _ = table.removed(key("101"))
        let output = table.handle(.fetched(fetch, result))
        #expect(output.pictures.map(text) == [""])
        #expect(output.pollWanted == nil)
    }

    @Test("asks again for a participant that has come back before the answer for the one before")
    func backBeforeItsAnswer() throws {
        var table = Table.following()
        let first = try #require(table.upserted(key("101")).fetches.first)
        _ = table.removed(key("101"))
        _ = table.upserted(key("101"))
        let output = table.handle(.fetched(first, .found("ringing")))
        #expect(output.pictures.map(text) == ["101: ringing"])
        #expect(output.fetches.count == 1)
    }

    @Test("takes what comes with an event, unless the event itself comes late")
    func attached() {
        var table = Table.following()
        #expect(table.upserted(key("101"), "ringing", sequence: 1).pictures.map(text) == ["101: ringing"])
        #expect(table.upserted(key("101"), "connected", sequence: 2).pictures.map(text) == ["101: connected"])
        let late = table.upserted(key("101"), "ringing", sequence: 1)
        #expect(late.pictures.isEmpty)
        #expect(late.fetches.map(\.key) == [key("101")])
    }

    @Test("wants a look when events are missing, once per gap, and not for events that come twice or late")
    func gaps() {
        var table = Table.following()
        #expect(table.removed(key("101"), sequence: 7).pollWanted == nil)
        #expect(table.removed(key("101"), sequence: 8).pollWanted == nil)
        #expect(table.removed(key("101"), sequence: 8).pollWanted == nil)
        #expect(table.removed(key("101"), sequence: 11).pollWanted == "events 9 to 10 have not come")
        #expect(table.removed(key("101"), sequence: 10).pollWanted == nil)
        #expect(table.removed(key("101"), sequence: 12).pollWanted == nil)
        _ = table.handle(.opened)
        #expect(table.removed(key("101"), sequence: 1).pollWanted == nil, "a new connection counts anew")
        #expect(table.removed(key("101"), sequence: .max).pollWanted != nil)
        #expect(table.removed(key("101"), sequence: .min).pollWanted == nil)
    }

    @Test("wants a look for a DN that it does not know, for what it cannot read, and asks nothing of route points")
    func unclear() throws {
        var table = Table.following()
        let unknown = table.upserted(key("999"))
        #expect(unknown.fetches.isEmpty)
        #expect(unknown.pollWanted == "999 is a number that no poll has shown")
        #expect(table.handle(.pushed(.init(change: .unclear("why")))).pollWanted == "why")
        #expect(table.handle(.pushed(.init(change: .irrelevant))) == Table.Output())
        #expect(table.upserted(key("bridge")) == Table.Output())
        let fetch = try #require(table.upserted(key("101")).fetches.first)
        #expect(table.handle(.fetched(fetch, .failed)).pollWanted == "participant 1 of 101 cannot be read")
    }

    @Test("lets events wait for a look that began after the connection, and then asks for what they named")
    func connecting() throws {
        var table = Table()
        _ = table.poll(["101": ["1": "connected"]])
        _ = table.handle(.pollStarted)
        #expect(table.handle(.opened).pollWanted != nil)
        #expect(table.upserted(key("102")) == Table.Output())
        #expect(table.removed(key("101")) == Table.Output())
        #expect(table.removed(key("80")) == Table.Output())

        let early = table.handle(.polled(listed(["101": ["1": "connected"]])))
        #expect(early.pollWanted != nil, "it may be older than the first events")
        #expect(early.fetches.isEmpty)

        let base = table.poll(["101": ["1": "connected"]])
        #expect(base.pictures.map(text) == ["101: connected"])
        #expect(base.fetches.map(\.key) == [key("102"), key("101")])
        #expect(table.pictures(.fetched(base.fetches[1], .gone)) == [""])
        #expect(table.pictures(.fetched(base.fetches[0], .found("ringing"))) == ["102: ringing"])
    }

    @Test("keeps what it shows when the connection ends and comes back, and follows what the next look shows")
    func reconnecting() throws {
        var table = Table.following(["101": ["1": "connected"]])
        let pending = try #require(table.upserted(key("102")).fetches.first)
        #expect(table.handle(.closed) == Table.Output())
        #expect(text(table.stations) == "101: connected")
        #expect(table.handle(.fetched(pending, .found("ringing"))) == Table.Output())
        _ = table.handle(.opened)
        #expect(table.poll(["102": ["1": "ringing"]]).pictures.map(text) == ["102: ringing"])
    }

    @Test("trusts events more than a look that began before them, and asks where both differ")
    func pollOvertaken() throws {
        var table = Table.following(["101": ["1": "ringing"], "80": ["1": "waiting"]])
        _ = table.handle(.pollStarted)
        #expect(table.upserted(key("101"), "connected").pictures.map(text) == ["101: connected, 80: waiting"])
        #expect(table.removed(key("80")).pictures.map(text) == ["101: connected"])
        let pending = try #require(table.upserted(key("102")).fetches.first)
        let output = table.handle(
            .polled(listed(["101": ["1": "ringing"], "80": ["1": "waiting"], "102": ["1": "ringing"]])))
        #expect(output.pictures.map(text) == ["101: connected"])
        #expect(output.fetches.map(\.key) == [key("101"), key("80")])
        #expect(table.pictures(.fetched(output.fetches[1], .gone)) == [])
        #expect(table.pictures(.fetched(output.fetches[0], .found("connected"))) == [])
        // The poll has shown it to be different from what was known when it was asked for.
        let answer = table.handle(.fetched(pending, .found("ringing")))
        #expect(answer.pictures.map(text) == ["101: connected, 102: ringing"])
        #expect(answer.fetches.map(\.key) == [key("102")])
    }

    @Test("a look corrects what no event has told, new and vanished DNs too")
    func reconciliation() {
        var table = Table.following(["101": ["1": "connected"]])
        #expect(table.poll(["102": ["4": "ringing"]]).pictures.map(text) == ["102: ringing"])
        _ = table.handle(.pollStarted)
        let more = listed() + [ParticipantStation(dn: "103", type: "Wextension")]
        #expect(table.handle(.polled(more)).pictures.map(text) == [""])
        #expect(table.upserted(key("103"), "ringing").pictures.map(text) == ["103: ringing"])
        #expect(table.poll().pictures.map(text) == [""])
        #expect(table.upserted(key("103")).pollWanted != nil)
    }

    @Test("knows what a look shows, and no longer shows, that no event has told of, until one does")
    func unannounced() {
        var table = Table.following(["101": ["1": "connected"]])
        _ = table.poll(["101": ["1": "connected"]])
        #expect(table.unannounced.isEmpty)
        _ = table.poll(["102": ["4": "ringing"]])
        #expect(table.unannounced == [key("101"), key("102", "4")])
        _ = table.upserted(key("102", "4"))
        #expect(table.unannounced == [key("101")])
        _ = table.removed(key("101"))
        #expect(table.unannounced.isEmpty)
        _ = table.handle(.closed)
        _ = table.poll(["101": ["1": "ringing"]])
        #expect(table.unannounced.isEmpty, "while nothing is pushed nothing is missing")
    }

    @Test("misses no event where a look lags behind those that came, and the next one shows what they told")
    func lagging() {
        var table = Table.following(["101": ["1": "connected"]])
        _ = table.removed(key("101"))
        _ = table.poll(["101": ["1": "connected"]])
        #expect(table.unannounced == [key("101")])
        _ = table.poll()
        #expect(table.unannounced.isEmpty)
        // Also where that one is to tell what lost events would have told.
        _ = table.poll(["101": ["1": "connected"]])
        _ = table.handle(.pushed(Event(change: .unclear("101 has changed as a whole"))))
        _ = table.poll()
        #expect(table.unannounced.isEmpty)
    }

    @Test("misses no event of what came during the look, is being asked for, or is known to be lost")
    func announced() throws {
        var table = Table.following()
        _ = table.upserted(key("80"))
        _ = table.handle(.pollStarted)
        _ = table.upserted(key("101"))
        _ = table.handle(.polled(listed(["101": ["1": "ringing"], "80": ["1": "connected"]])))
        #expect(table.unannounced.isEmpty)
        // A gap: the poll that it asks for tells what the lost events would have told.
        _ = table.handle(.pushed(Event(sequence: 3, change: .irrelevant)))
        _ = table.handle(.pushed(Event(sequence: 9, change: .irrelevant)))
        _ = table.poll(["102": ["7": "ringing"]])
        #expect(table.unannounced.isEmpty)
        // What an incomplete poll left out is no news in the next one.
        _ = table.handle(.pollStarted)
        _ = table.handle(.polled(listed(), isComplete: false))
        _ = table.poll(["102": ["7": "ringing"]])
        #expect(table.unannounced.isEmpty)
        // A DN that comes into sight brings its calls along.
        _ = table.handle(.pollStarted)
        let more = ParticipantStation(dn: "103", type: "Wextension", participants: ["ringing"])
        _ = table.handle(.polled(listed(["102": ["7": "ringing"]]) + [more]))
        #expect(table.unannounced.isEmpty)
    }

    @Test("asks for no more at once than the limit, in order, and rather looks when all change at once")
    func limits() throws {
        var limits = Table.Limits()
        limits.fetches = 2
        limits.waiting = 3
        var table = Table.following(limits: limits)
        var fetches: [Table.Fetch] = []
        for id in 1...5 { fetches += table.upserted(key("101", "\(id)")).fetches }
        #expect(fetches.map(\.key.id) == ["1", "2"])
        #expect(table.handle(.fetched(fetches[0], .gone)).fetches.map(\.key.id) == ["3"])
        #expect(table.upserted(key("101", "6")).pollWanted == nil)
        let storm = table.upserted(key("101", "7"))
        #expect(storm.pollWanted == "more than 3 participants have changed at once")
        #expect(table.handle(.fetched(fetches[1], .gone)).fetches.isEmpty, "the look tells")
    }

    @Test("a connection on which everything waits keeps only so much, and then looks twice")
    func queueLimit() {
        var limits = Table.Limits()
        limits.queued = 3
        var table = Table(limits: limits)
        _ = table.handle(.opened)
        for id in 1...4 { _ = table.upserted(key("101", "\(id)")) }
        for _ in 1...10 { _ = table.upserted(key("101", "1")) }
        let output = table.poll()
        #expect(output.fetches.map(\.key.id) == ["1", "2", "3"])
        #expect(output.pollWanted != nil)
        _ = table.handle(.pollStarted)
        for id in 11...13 { #expect(table.upserted(key("102", "\(id)"), "ringing").pollWanted == nil) }
        #expect(table.upserted(key("102", "14"), "ringing").pollWanted != nil)
    }

    @Test("a failed look changes nothing, and the events go on")
    func failedPoll() {
        var table = Table.following(["101": ["1": "ringing"]])
        _ = table.handle(.pollStarted)
        #expect(table.handle(.pollFailed) == Table.Output())
        #expect(table.upserted(key("101"), "connected").pictures.map(text) == ["101: connected"])
        var waiting = Table()
        _ = waiting.handle(.opened)
        _ = waiting.upserted(key("101"))
        _ = waiting.handle(.pollStarted)
        _ = waiting.handle(.pollFailed)
        #expect(waiting.poll().fetches.map(\.key) == [key("101")])
    }
}
