import Wire

/// `GET /api/v1/users/search` of Zammad, which needs the permission `ticket.agent` or `admin.user`.
struct ZammadUserSearch: Sendable {
    enum Outcome: Equatable, Sendable {
        case found(Int)
        case nobody
        /// Several active users have this login or e-mail address.
        case several
        /// Zammad does not let this token search.
        case denied(status: Int)
        /// This search did not work; others may.
        case failed(String)
        /// Zammad does not answer: others need not be tried now.
        case unreachable(String)
    }

    /// Zammad counts what contains the text anywhere, so that an exact match may come late.
    private static let limit = 50

    let api: ZammadAPI

    /// The one active user whose login or e-mail address is the text, in any case of letters.
    func user(_ loginOrMail: String) async -> Outcome {
        let wanted = loginOrMail.lowercased()
        // Zammad keeps both in lower case, and without a search index 5.5 compares them as they are sent.
        let target = "/api/v1/users/search?query=\(wanted.percentEncoded)&limit=\(Self.limit)"
        let response: HTTPResponse
        do {
            response = try await api.send(.get, target)
        } catch {
            return .unreachable(error.detail)
        }
        switch ZammadStatusClass(status: response.status) {
        case .success: break
        case .denied: return .denied(status: response.status)
        case .notNow, .ambiguous: return .unreachable("HTTP \(response.status)")
        case .stranger, .missing, .unprocessable, .refused, .failed: return .failed("HTTP \(response.status)")
        }
        do {
            let users = try WireJSON.decode([LossyElement<User>].self, from: response.body).compactMap(\.value)
            let matches = users.filter {
                $0.active != false && ($0.login?.lowercased() == wanted || $0.email?.lowercased() == wanted)
            }
            let ids = Set(matches.map(\.id))
            guard let id = ids.first else { return .nobody }
            return ids.count == 1 ? .found(id) : .several
        } catch {
            return .failed(error.what)
        }
    }

    private struct User: Decodable, Sendable {
        let id: Int
        let login: String?
        let email: String?
        let active: Bool?
    }
}
