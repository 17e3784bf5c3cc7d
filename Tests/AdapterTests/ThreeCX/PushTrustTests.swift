import Testing

@testable import Adapters
@testable import Domain

private func second(_ seconds: Double) -> Instant { Instant(milliseconds: Int64(seconds * 1000)) }

@Suite("The trust in what is pushed")
struct PushTrustTests {
    private let mine = ParticipantKey(dn: "101", id: "1")
    private let other = ParticipantKey(dn: "102", id: "2")

    @Test("is kept while events come within two seconds of the looks that show the same")
    func late() {
        var trust = PushTrust()
        #expect(trust.polled(unannounced: [mine], at: second(0)) == [])
        #expect(!trust.isTrusted)
        #expect(trust.polled(unannounced: [mine, other], at: second(1.5)) == [])
        // The first has come, the second is new.
        #expect(trust.polled(unannounced: [other], at: second(3)) == [])
        #expect(trust.polled(unannounced: [], at: second(3.4)) == [])
        #expect(trust.isTrusted)
    }

    @Test("is lost by what no event tells of, and comes back when events have matched all looks for a minute")
    func mute() {
        var trust = PushTrust()
        _ = trust.polled(unannounced: [other, mine], at: second(0))
        #expect(trust.polled(unannounced: [other, mine], at: second(2)) == [mine, other])
        trust.disconnected()
        #expect(!trust.isTrusted)
        #expect(trust.polled(unannounced: [], at: second(100)) == [])
        #expect(!trust.isTrusted, "nothing has happened that an event could have told of")
        trust.announced()
        #expect(trust.polled(unannounced: [mine], at: second(101)) == [])
        #expect(!trust.isTrusted)
        #expect(trust.polled(unannounced: [], at: second(101.5)) == [])
        #expect(trust.isTrusted)
    }

    @Test("is lost again on probation, which then begins anew")
    func muteAgain() {
        var trust = PushTrust()
        _ = trust.polled(unannounced: [mine], at: second(0))
        _ = trust.polled(unannounced: [mine], at: second(2))
        trust.announced()
        _ = trust.polled(unannounced: [other], at: second(30))
        #expect(trust.polled(unannounced: [other], at: second(32)) == [other])
        trust.announced()
        _ = trust.polled(unannounced: [], at: second(91))
        #expect(!trust.isTrusted)
        _ = trust.polled(unannounced: [], at: second(92))
        #expect(trust.isTrusted)
    }

    @Test("does not wait for what a connection owed that has ended")
    func reconnected() {
        var trust = PushTrust()
        _ = trust.polled(unannounced: [mine], at: second(0))
        trust.disconnected()
        #expect(trust.isTrusted)
        #expect(trust.polled(unannounced: [], at: second(9)) == [])
    }
}
