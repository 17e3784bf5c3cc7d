package import Wire

/// A request to the CTI endpoint, as far as Zammad looks at it.
package struct ZammadRequest: Equatable, Sendable {
    package var method: String
    /// The last segment of the path.
    package var token: String
    /// The `Accept` header, nil if there is none.
    package var accept: String?
    /// The parameters; nil if the body is no JSON at all.
    package var parameters: [String: JSONValue]?
    /// When it arrives: Zammad has no other timestamp. Milliseconds since 1970.
    package var at: Int64

    package init(
        method: String = "POST",
        token: String,
        accept: String? = "application/json",
        parameters: [String: JSONValue]? = nil,
        at: Int64 = 0
    ) {
        self.method = method
        self.token = token
        self.accept = accept
        self.parameters = parameters
        self.at = at
    }

    /// Zammad answers errors as JSON only to those who ask for it alone, or for anything. A list with `*/*` in it is a
    /// browser's.
    package var wantsJSON: Bool {
        guard let accept = accept?.lowercased() else { return false }
        if accept.contains("*/*") { return !accept.contains(",") }
        return accept.contains("json")
    }
}
