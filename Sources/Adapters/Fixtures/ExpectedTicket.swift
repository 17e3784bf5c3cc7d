package import Domain
import Wire

/// What becomes of the ticket for a call.
package struct ExpectedTicket: Equatable, Sendable, Decodable {
    package enum Result: String, CaseIterable, Sendable, Codable {
        case created
        /// To an open ticket, as an article.
        case added
        case alreadyThere = "already_there"
        case skipped
        case deadLetter = "dead_letter"
    }

    /// Milliseconds since the start of the session; seconds in the file.
    package var at: Int64
    package var callID: String
    package var result: Result
    /// Its id in Zammad; `nil` where there is none.
    package var ticket: Int?
    /// Why there is none.
    package var reason: String?
    package var zammad: ZammadName

    /// `nil` for what ends nothing.
    init?(_ news: TicketNews, at: Int64) {
        switch news {
        case .postponed, .dropped: return nil
        case .done(_, .created(let id)): (result, ticket) = (.created, id)
        case .done(_, .added(let id)): (result, ticket) = (.added, id)
        case .done(_, .alreadyThere(let id)): (result, ticket) = (.alreadyThere, id)
        case .done(_, .skipped): result = .skipped
        case .deadLettered: result = .deadLetter
        }
        self.at = at
        callID = news.call.callID.text
        zammad = news.call.zammad
        reason = TicketWords.reason(news)
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case at, result, ticket, reason, zammad
        case callID = "callId"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(ofKnown: CodingKeys.self)
        at = try container.decodeSeconds(forKey: .at)
        callID = try container.decode(String.self, forKey: .callID)
        result = try container.decodeName(Result.self, forKey: .result)
        ticket = try container.decodeIfPresent(Int.self, forKey: .ticket)
        reason = try container.decodeIfPresent(String.self, forKey: .reason)
        zammad = try container.decodeIfPresent(ZammadName.self, forKey: .zammad) ?? .default
    }

    /// One line of JSON.
    package var line: String {
        var fields = [
            "\"at\": \(Seconds.text(at))", "\"callId\": \(FixtureJSON.literal(callID))",
            "\"result\": \(FixtureJSON.literal(result.rawValue))",
        ]
        if let zammad = zammad.shown { fields.insert("\"zammad\": \(FixtureJSON.literal(zammad))", at: 1) }
        if let ticket { fields.append("\"ticket\": \(ticket)") }
        if let reason { fields.append("\"reason\": \(FixtureJSON.literal(reason))") }
        return "{ \(fields.joined(separator: ", ")) }"
    }

    /// `ticket 17 created`
    package var words: String {
        switch result {
        case .created: "ticket \(ticket ?? 0) created"
        case .added: "call added to the open ticket \(ticket ?? 0)"
        case .alreadyThere: "the call has its ticket already: \(ticket ?? 0)"
        case .skipped: "no ticket: \(reason ?? "")"
        case .deadLetter: "ticket given up: \(reason ?? "")"
        }
    }
}
