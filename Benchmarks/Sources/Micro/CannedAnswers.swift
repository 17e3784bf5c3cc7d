import Synchronization
import Wire

/// A 3CX of all versions that answers at once.
final class CannedAnswers: HTTPTransport {
    private let pages = Mutex<[[UInt8]]>([])

    /// What a poll is answered with: XAPI in pages of 100 rows.
    var calls: [[UInt8]] {
        get { pages.withLock { $0 } }
        set { pages.withLock { $0 = newValue } }
    }

    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let path = String(request.url.dropFirst("https://pbx.example.net".count))
        switch path {
        case "/api/activeCalls", "/callcontrol": return json(calls[0])
        case let path where path.hasPrefix("/xapi/v1/ActiveCalls"):
            let skipped = path.split(separator: "$skip=").dropFirst().first.flatMap { Int($0) } ?? 0
            return skipped / 100 < calls.count ? json(calls[skipped / 100]) : json(#"{"value":[]}"#)
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
