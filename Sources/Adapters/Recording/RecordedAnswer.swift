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

    /// Whether it says the same. Lists of calls hold the server's time, which changes with every look.
    func says(_ other: RecordedAnswer) -> Bool {
        if self == other { return true }
        guard status == other.status, contentType == other.contentType, fault == other.fault else { return false }
        return ServerNow(in: body).content == ServerNow(in: other.body).content
            || Self.withoutLeadingTime(body).map { $0 == Self.withoutLeadingTime(other.body) } ?? false
    }

    /// A list of the web administration begins with the server's time.
    private static func withoutLeadingTime(_ body: [UInt8]) -> ArraySlice<UInt8>? {
        let key = Array("\"list\"".utf8)
        return body.indices.prefix(200).first { body[$0...].starts(with: key) }.map { body[$0...] }
    }
}
