import Domain
import Ports
import Synchronization
import Testing

@testable import Adapters
@testable import Wire

@Suite("A client whose tokens another program ends", .timeLimit(.minutes(10)))
struct TokenContestPollTests {
    /// A 3CX with one live token: minting one ends the one before, whoever asks.
    private final class OneTokenPBX: HTTPTransport {
        private struct State {
            var minted = 0
            var live = 0
        }

        private let state = Mutex(State())

        var minted: Int { state.withLock { $0.minted } }

        /// Another program mints a token.
        func mintForAnother() {
            state.withLock { $0.live = -1 }
        }

        func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
            let (status, body) = state.withLock { state in
                guard request.url.hasSuffix("/connect/token") else {
                    let isLive = request.headers.first("Authorization") == "Bearer t\(state.live)"
                    return (isLive ? 200 : 401, CallControlSamples.idle)
                }
                state.minted += 1
                state.live = state.minted
                return (200, #"{"expires_in":60,"access_token":"t\#(state.live)"}"#)
            }
            return HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: Array(body.utf8))
        }

        func shutdown() async {}
    }

    private static func poll(_ view: CallControlView) async -> PollFailure? {
        do {
            _ = try await view.poll()
            return nil
        } catch {
            return error
        }
    }

    private static func owner(_ requests: PhoneSystemRequests, _ clock: SteppedClock) -> TokenOwner {
        let mint = ClientCredentialsMint(
            requests: requests, clientID: "c", clientSecret: Secret("s"), clock: clock)
        return TokenOwner(requests: requests, mint: mint, clock: clock)
    }

    @Test("is no such client where one interface refuses every token and another takes them")
    func missingPermission() async throws {
        let transport = ScriptedTransport([
            CallControlWorld.token: [CallControlWorld.minted("t")],
            "GET /open": [.status(200)], "GET /closed": [.status(401)],
        ])
        let requests = PhoneSystemRequests(PhoneSystemExamples.settings(), transport)
        let owner = Self.owner(requests, SteppedClock())
        for _ in 0..<10 {
            #expect(try await owner.send(.get, "/open").status == 200)
            #expect(try await owner.send(.get, "/closed").status == 401)
        }
        #expect(transport.count(CallControlWorld.token) == 11)
    }

    @Test("is noticed on paths that are asked for only once as well")
    func manyPaths() async throws {
        let pbx = OneTokenPBX()
        let clock = SteppedClock()
        let requests = PhoneSystemRequests(PhoneSystemExamples.settings(), pbx)
        let owner = Self.owner(requests, clock)
        #expect(try await owner.send(.get, "/0").status == 200)
        for number in 1...3 {
            pbx.mintForAnother()
            clock.advance(by: .milliseconds(300))
            #expect(try await owner.send(.get, "/\(number)").status == 200)
        }
        pbx.mintForAnother()
        await #expect(throws: PollFailure.self) { try await owner.send(.get, "/4") }
    }

    @Test("waits between its own tokens, and says who the client is and what to do, until five minutes are quiet")
    func contest() async throws {
        let pbx = OneTokenPBX()
        let clock = SteppedClock()
        let view = try #require(
            CallControlView(PhoneSystemConnection(PhoneSystemExamples.settings(), transport: pbx, clock: clock)))
        #expect(await Self.poll(view) == nil)
        for _ in 0..<2 {
            pbx.mintForAnother()
            clock.advance(by: .seconds(10))
            #expect(await Self.poll(view) == nil)
        }
        #expect(pbx.minted == 3)

        pbx.mintForAnother()
        clock.advance(by: .seconds(10))
        let failure = try #require(await Self.poll(view))
        #expect(failure.kind == .permissionMissing)
        #expect(
            failure.description
                == "another program uses the API client \"zammadbridge\": each new token of one ends the other's at "
                + "POST https://pbx.example.net/connect/token; give the bridge a client of its own (3CX: Admin > "
                + "Integrations > API)")
        #expect(pbx.minted == 3)
        clock.advance(by: .milliseconds(999))
        #expect(await Self.poll(view) == failure)
        clock.advance(by: .milliseconds(1))
        #expect(await Self.poll(view) == nil)
        #expect(pbx.minted == 4)

        // Still contested: the next wait is longer.
        pbx.mintForAnother()
        clock.advance(by: .seconds(100))
        #expect(await Self.poll(view) == failure)
        clock.advance(by: .seconds(1))
        #expect(await Self.poll(view) == failure)
        clock.advance(by: .seconds(1))
        #expect(await Self.poll(view) == nil)

        clock.advance(by: .seconds(300))
        pbx.mintForAnother()
        #expect(await Self.poll(view) == nil)
        #expect(pbx.minted == 6)
    }
}
