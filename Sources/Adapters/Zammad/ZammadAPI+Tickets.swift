import Domain
import Ports
import Wire

/// Questions and changes on the way to a ticket.
extension ZammadAPI {
    func get<Value: Decodable>(
        _ path: String, _ query: [String: String], _ type: Value.Type, concerns scope: TicketFailure.Scope = .all
    ) async throws(TicketFailure) -> Value {
        let fields = query.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.percentEncoded)" }
        let target = fields.isEmpty ? path : "\(path)?\(fields.joined(separator: "&"))"
        let response = try await request(.get, target)
        guard response.status == 200 else { throw failure(response, isChange: false, concerns: scope) }
        do {
            return try WireJSON.decode(type, from: response.body)
        } catch {
            // A login page, a maintenance page, another server's answer: so it will be for every ticket.
            throw .misconfigured(
                "\(path) answers with what is not Zammad's (\(error.what)); check what is between, and the address in "
                    + "Zammad.endpoint"
            )
        }
    }

    /// Makes something, and gives its id.
    func created(
        _ path: String, _ value: JSONValue, concerns scope: TicketFailure.Scope = .all
    ) async throws(TicketFailure) -> Int {
        let response = try await request(.post, path, value.bytes)
        guard (200..<300).contains(response.status) else {
            throw failure(response, isChange: true, concerns: scope)
        }
        do {
            return try WireJSON.decode(Created.self, from: response.body).id
        } catch {
            throw .ambiguous("\(path): \(error.what)")
        }
    }

    private struct Created: Decodable {
        let id: Int
    }

    private func request(
        _ method: HTTPMethod, _ target: String, _ body: [UInt8]? = nil
    ) async throws(TicketFailure) -> HTTPResponse {
        do {
            return try await send(method, target, body)
        } catch {
            throw TicketFailure(error, isChange: body != nil)
        }
    }
}

/// Why a request on the way to a ticket failed, in the terms in which the ticket queue decides how to go on.
enum TicketFailure: Error, Hashable {
    case unavailable(String, after: Duration?)
    case misconfigured(String)
    case refused(String)
    case ambiguous(String)

    /// Whether what is asked for is one ticket's affair, or stands for all.
    enum Scope: Sendable {
        case all
        case oneTicket
    }

    init(_ response: HTTPResponse, isChange: Bool, concerns scope: Scope, hiding secrets: [String]) {
        let answer = ZammadAnswer(response, hiding: secrets)
        let reason = answer.reason
        switch ZammadStatusClass(answer) {
        case .notNow: self = .unavailable(reason, after: answer.retryAfter)
        case .stranger: self = .misconfigured(answer.strangersWords)
        // A ticket may be gone, or be in a group that the token's user does not work in.
        case .denied where scope == .oneTicket && response.status != 401, .missing where scope == .oneTicket:
            self = .refused(reason)
        case .unprocessable where Self.namesUnknownGroup(answer.errorText): self = .misconfigured(reason)
        case .denied, .missing: self = .misconfigured(reason)
        case .unprocessable, .refused: self = .refused(reason)
        case .success, .failed, .ambiguous:
            self = isChange ? .ambiguous(reason) : .unavailable(reason, after: nil)
        }
    }

    /// Zammad says that it finds nothing by the name that was given for the group.
    private static func namesUnknownGroup(_ text: String?) -> Bool {
        let text = text?.lowercased() ?? ""
        return text.contains("lookup value") && text.contains("group")
    }

    init(_ failure: HTTPFailure, isChange: Bool) {
        self =
            isChange && failure.requestMayHaveBeenSent
            ? .ambiguous(failure.description) : .unavailable(failure.description, after: nil)
    }

    var outcome: TicketOutcome {
        switch self {
        case .unavailable(let reason, let after): .unavailable(reason, after: after)
        case .misconfigured(let reason): .misconfigured(reason)
        case .refused(let reason): .refused(reason)
        case .ambiguous(let reason): .ambiguous(reason)
        }
    }
}
