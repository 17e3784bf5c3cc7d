/// The text of `text/event-stream`.
enum ServerSentEvents {
    static let contentType = "text/event-stream; charset=utf-8"
    /// Keeps proxies and clients from taking a quiet stream for a dead one.
    static let keepAlive = ": still here\n\n"

    /// `data` is one line, as JSON without line breaks is.
    static func event(_ name: String, _ data: String) -> String {
        "event: \(name)\ndata: \(data)\n\n"
    }
}
