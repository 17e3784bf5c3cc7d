package import Wire

/// A request that changes something elsewhere than in Zammad's caller log: a call ended in 3CX, a ticket.
package struct ExpectedChange: Equatable, Sendable, Decodable {
    /// Milliseconds since the start of the session; seconds in the file.
    package var at: Int64
    /// Method and path.
    package var request: String
    package var body: JSONValue?

    package init(at: Int64, request: String, body: JSONValue?) {
        self.at = at
        self.request = request
        self.body = body
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case at, request, body
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(ofKnown: CodingKeys.self)
        at = try container.decodeSeconds(forKey: .at)
        request = try container.decode(String.self, forKey: .request)
        body = try container.decodeIfPresent(JSONValue.self, forKey: .body)
    }

    /// One line of JSON.
    package var line: String {
        var text = "{ \"at\": \(Seconds.text(at)), \"request\": \(FixtureJSON.literal(request))"
        if let body { text += ", \"body\": \(body.text)" }
        return text + " }"
    }
}
