import Wire

/// An answer as it came, or the way in which none came.
struct RecordedAnswer: Equatable, Sendable {
    var status = 200
    var contentType: String?
    var body: [UInt8] = []
    var fault: ScriptedAnswer.Fault?

    init(_ response: HTTPResponse) {
        status = response.status
        contentType = response.headers.first("Content-Type")
        body = response.body
    }

    /// Every failure is unreachability to the views; the kinds that a fixture knows are the nearest ones.
    init(_ failure: HTTPFailure) {
        fault =
            switch failure.kind {
            case .timeout: .timeout
            case .resolution, .noDescriptors, .refused, .connectTimeout, .tls, .invalidURL: .refused
            case .connectionLost, .bodyTooLarge, .malformedResponse, .cancelled, .other: .reset
            }
    }

    init(status: Int, contentType: String? = "application/json", body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// No answer came that could be recorded: what is asked for again is not known.
    static let lost = RecordedAnswer(HTTPFailure(.connectionLost, requestMayHaveBeenSent: true, detail: ""))

    /// Whether it says the same. Lists of calls hold the server's time, which changes with every poll.
    func says(_ other: RecordedAnswer) -> Bool {
        if self == other { return true }
        guard status == other.status, contentType == other.contentType, fault == other.fault else { return false }
        guard let mine = timeless, let others = other.timeless else { return false }
        return mine == others
    }

    /// An object without the server's time, which stands before the list of the web administration and in each row of
    /// XAPI's.
    private var timeless: [String: JSONValue]? {
        var members: [String: JSONValue]
        do { members = try WireJSON.decode([String: JSONValue].self, from: body) } catch { return nil }
        members["Now"] = nil
        if let rows = members["value"]?.elements {
            members["value"] = .array(
                rows.map { row in
                    guard var members = row.members else { return row }
                    members["ServerNow"] = nil
                    return .object(members)
                })
        }
        return members
    }
}
