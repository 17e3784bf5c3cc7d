import Adapters

/// What one of the demo's servers does with a request.
enum DemoReply: Equatable, Sendable {
    case answer(ScriptedAnswer, cookie: String? = nil)
    /// Says nothing until whoever asked gives up.
    case silence
    /// Closes the connection without an answer.
    case cut

    /// An answer of a script, faults included. On a connection that is open already a refused one can only be cut.
    init(_ scripted: ScriptedAnswer, cookie: String? = nil) {
        switch scripted.fault {
        case .timeout?: self = .silence
        case .refused?, .reset?: self = .cut
        case nil: self = .answer(scripted, cookie: cookie)
        }
    }

    /// What a proxy in front says of a server that is down.
    static let badGateway = DemoReply.answer(
        ScriptedAnswer(
            status: 502, contentType: "text/html",
            body: Array("<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>".utf8)))
}
