/// A request to the CTI endpoint, as far as Zammad looks at it.
struct ZammadRequest: Equatable, Sendable {
    var method = "POST"
    /// The last segment of the path.
    var token: String
    /// The `Accept` header, nil if there is none.
    var accept: String? = "application/json"
    /// The parameters; nil if the body is no JSON at all.
    var parameters: [String: LoopbackJSON]?
    /// When it arrives: Zammad has no other timestamp.
    var at: Int64 = 0

    /// Zammad answers errors as JSON only to those who ask for it (or for anything).
    var wantsJSON: Bool {
        guard let accept = accept?.lowercased() else { return false }
        return accept.contains("json") || accept.contains("*/*")
    }
}
