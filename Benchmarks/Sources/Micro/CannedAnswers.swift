import Adapters
import Synchronization

/// A 3CX of all versions that answers at once.
final class CannedAnswers: HTTPTransport {
    private let body = Mutex<[UInt8]>([])

    /// What a look is answered with.
    var calls: [UInt8] {
        get { body.withLock { $0 } }
        set { body.withLock { $0 = newValue } }
    }

    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let path = String(request.url.dropFirst("https://pbx.example.net".count))
        switch path {
        case "/api/activeCalls", "/callcontrol": return json(calls)
        case let path where path.hasPrefix("/xapi/v1/ActiveCalls"): return json(calls)
        case "/api/login":
            return HTTPResponse(status: 200, headers: ["Set-Cookie": "session=1"], body: Array("AuthSuccess".utf8))
        case "/connect/token": return json(#"{"access_token":"x","expires_in":60}"#)
        case let path where path.hasPrefix("/xapi/v1/Groups?"):
            return json(#"{"value":[{"Id":1,"Number":"GRP1","Name":"Support"}]}"#)
        case let path where path.hasPrefix("/xapi/v1/"): return json(#"{"value":[]}"#)
        case "/api/GroupList": return json(#"{"list":[{"Id":"1","Name":"Support"}]}"#)
        case "/api/GroupList/set":
            return json(#"{"Id":"1","ActiveObject":{"Members":{"selected":[{"Number":{"_value":"101"}}],"count":1}}}"#)
        default: return HTTPResponse(status: 403)
        }
    }

    func shutdown() async {}

    private func json(_ text: String) -> HTTPResponse { json(Array(text.utf8)) }

    private func json(_ bytes: [UInt8]) -> HTTPResponse {
        HTTPResponse(status: 200, headers: ["Content-Type": "application/json"], body: bytes)
    }
}
