/// What the status of an answer says, whatever Zammad was asked. What follows for an event, a look-up, a ticket or a
/// user is said where that is asked for.
enum ZammadStatusClass {
    /// Zammad has done what was asked.
    case success
    /// Something else answers in Zammad's place, or the address leads elsewhere.
    case stranger
    /// Nothing was done; the server is not there, is too busy, or gave up waiting for the request.
    case notNow
    /// The token is wrong, or may not do this.
    case denied
    /// There is no such thing, or no such interface.
    case missing
    /// Refused for what is in the request; the text tells what.
    case unprocessable
    case refused
    /// Zammad has failed at it.
    case failed
    /// A proxy's status (504, 520, 524 …), which does not tell whether Zammad has seen the request, and nonsense.
    case ambiguous

    init(_ answer: ZammadAnswer) {
        self.init(status: answer.status)
        switch self {
        case .success, .denied, .missing, .unprocessable, .refused: if !answer.isZammads { self = .stranger }
        case .stranger, .notNow, .failed, .ambiguous: break
        }
    }

    /// By the status alone.
    init(status: Int) {
        self =
            switch status {
            case 200: .success
            case 201..<400: .stranger
            case 408, 429, 502, 503: .notNow
            case 401, 403: .denied
            case 404, 405: .missing
            case 422: .unprocessable
            case 400..<500: .refused
            case 500: .failed
            default: .ambiguous
            }
    }
}
