import Domain
import Ports
import Synchronization
import Testing

@testable import Adapters

@Suite("A client whose tokens another program ends", .timeLimit(.minutes(1)))
struct TokenContestLookTests {
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

    private static func look(_ view: CallControlView) async -> LookFailure? {
        do {
            _ = try await view.look()
            return nil
        } catch {
            return error
        }
    }

    @Test("waits between its own tokens, and says who the client is and what to do, until five minutes are quiet")
    func contest() async throws {
        let pbx = OneTokenPBX()
        let clock = SteppedClock()
        let view = try #require(
            CallControlView(settings: PhoneSystemExamples.settings(), transport: pbx, clock: clock))
        #expect(await Self.look(view) == nil)
        for _ in 0..<2 {
            pbx.mintForAnother()
            clock.advance(by: .seconds(10))
            #expect(await Self.look(view) == nil)
        }
        #expect(pbx.minted == 3)

        pbx.mintForAnother()
        clock.advance(by: .seconds(10))
        let failure = try #require(await Self.look(view))
        #expect(failure.kind == .permissionMissing)
        #expect(
            failure.description
                == "another program uses the API client \"zammadbridge\": each new token of one ends the other's at "
                + "POST https://pbx.example.net/connect/token; give the bridge a client of its own (3CX: Admin > "
                + "Integrations > API)")
        #expect(pbx.minted == 3)
        clock.advance(by: .milliseconds(999))
        #expect(await Self.look(view) == failure)
        clock.advance(by: .milliseconds(1))
        #expect(await Self.look(view) == nil)
        #expect(pbx.minted == 4)

        // Still contested: the next wait is longer.
        pbx.mintForAnother()
        clock.advance(by: .seconds(100))
        #expect(await Self.look(view) == failure)
        clock.advance(by: .seconds(1))
        #expect(await Self.look(view) == failure)
        clock.advance(by: .seconds(1))
        #expect(await Self.look(view) == nil)

        clock.advance(by: .seconds(300))
        pbx.mintForAnother()
        #expect(await Self.look(view) == nil)
        #expect(pbx.minted == 6)
    }
}
