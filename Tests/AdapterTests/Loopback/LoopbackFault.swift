import Adapters

@testable import Played

/// What a loopback server does instead of answering properly.
enum LoopbackFault: Equatable, Sendable {
    /// Answers with this status and body and does not process the request.
    case status(Int, body: String = "", headers: [String: String] = [:])
    /// Does not process the request and never answers.
    case hang
    /// Processes the request and answers so much later.
    case slow(Duration)
    /// Closes the connection without processing.
    case drop
    /// Processes the request and closes the connection without an answer.
    case processThenDrop
    /// Processes the request and never answers.
    case processThenHang
    /// Answers with the first half of the text, with a matching length: malformed JSON.
    case truncated
    /// Promises the whole answer, sends its head only, and closes the connection.
    case cutShort
    /// 200 with a login page in HTML, as a reverse proxy or a single-sign-on gateway does.
    case loginPage
    /// The right answer under another content type.
    case contentType(String)
    /// 200 without a body.
    case empty
    /// 200 with this text as JSON.
    case text(String)

    /// Zammad's answer while the CTI integration is switched off.
    static let disabled = LoopbackFault.status(422, body: ZammadReply.disabledBody)

    var processes: Bool {
        switch self {
        case .slow, .processThenDrop, .processThenHang, .truncated, .cutShort, .contentType: true
        case .status, .hang, .drop, .loginPage, .empty, .text: false
        }
    }
}
