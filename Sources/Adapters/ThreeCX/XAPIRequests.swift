import Domain
import Ports
import Wire

/// Requests to XAPI, with lists read over all their pages.
struct XAPIRequests: Sendable {
    /// All rows of a list.
    struct List<Row: Decodable & Sendable>: Sendable {
        var rows: [LossyElement<Row>] = []
        var pages = 0

        var readable: [Row] { rows.compactMap(\.value) }
        var unreadableCount: Int { rows.count { $0.value == nil } }
    }

    static let root = "/xapi/v1/"
    /// As many as 3CX gives at once.
    static let pageSize = 100
    private static let mostPages = 1000

    let requests: PhoneSystemRequests
    let owner: TokenOwner
    let access: XAPIAccess

    init(_ login: Version20Login) {
        requests = login.requests
        owner = login.owner
        access = login.access
    }

    /// `path`: below `/xapi/v1/`. Throws if there was no answer; an answer that is no list is a failure given back,
    /// since only that says something about the list.
    func list<Row: Decodable & Sendable>(
        _ row: Row.Type, _ path: String, select: [String] = []
    ) async throws(PollFailure) -> Result<List<Row>, PollFailure> {
        let target = Self.target(path, select)
        return try await list(row, startingWith: owner.send(.get, target), of: target, path, select: select)
    }

    /// As above, from a first page that is already there.
    func list<Row: Decodable & Sendable>(
        _ row: Row.Type, startingWith response: HTTPResponse, of target: String, _ path: String, select: [String] = []
    ) async throws(PollFailure) -> Result<List<Row>, PollFailure> {
        var list = List<Row>()
        var (response, target) = (response, target)
        for _ in 0..<Self.mostPages {
            let next: String?
            do throws(PollFailure) {
                let page = try decode(XAPIMessages.Page<Row>.self, response, target)
                list.rows += page.rows
                list.pages += 1
                guard !page.rows.isEmpty else { break }
                if let link = page.nextLink?.text {
                    next = try self.target(ofNextLink: link, target)
                } else {
                    let isCutShort = page.count?.text.flatMap { Int($0) }.map { $0 > list.rows.count } ?? false
                    let hasMore = isCutShort || page.rows.count >= Self.pageSize
                    next = hasMore ? Self.target(path, select, from: list.rows.count) : nil
                }
            } catch {
                return .failure(error)
            }
            guard let next, next != target else { break }
            let following = try await owner.send(.get, next)
            // Whoever ignores the question for the next page gives the same one for ever.
            if following.body == response.body, following.status == 200 { break }
            (response, target) = (following, next)
        }
        return .success(list)
    }

    /// A single object.
    func fields(_ path: String) async throws(PollFailure) -> Result<WireFields, PollFailure> {
        let target = Self.root + path
        let response = try await owner.send(.get, target)
        do throws(PollFailure) {
            return .success(try decode(WireFields.self, response, target))
        } catch {
            return .failure(error)
        }
    }

    func place(_ path: String) -> String { requests.place(.get, Self.root + path) }

    func failure(_ kind: PollFailure.Kind, _ what: String, _ path: String, remedy: String) -> PollFailure {
        requests.failure(kind, what, .get, Self.root + path, remedy: remedy)
    }

    static func target(_ path: String, _ select: [String] = [], from start: Int = 0) -> String {
        var options = ["$top=\(pageSize)"]
        if start > 0 { options.append("$skip=\(start)") }
        if !select.isEmpty { options.append("$select=\(select.joined(separator: ","))") }
        return "\(root)\(path)?\(options.joined(separator: "&"))"
    }

    /// Path and query of the link, from `/xapi/` on. Behind a proxy 3CX names a host, a port or a scheme that only it
    /// knows, and the token must not go elsewhere: the next page is asked for where the first one was.
    private func target(ofNextLink link: String, _ target: String) throws(PollFailure) -> String {
        var next = link[...]
        let place = next.prefix { $0 != "?" }
        if place.hasPrefix("/") || place.contains("://") {
            next = place.firstRange(of: "/xapi/").map { next[$0.lowerBound...] } ?? ""
        } else {
            next = Self.root + next
        }
        let path = next.prefix { $0 != "?" }
        let isPlain =
            next.utf8.count <= 4096 && next.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }
            && !path.contains("..") && !path.contains("\\") && !path.lowercased().contains("%2e")
        guard isPlain, path.hasPrefix("/xapi/") else {
            throw requests.failure(
                .malformedAnswer, "a next page outside of XAPI", .get, target,
                remedy: "check for a proxy in front of 3CX that rewrites its answers")
        }
        return String(next)
    }

    func decode<Value: Decodable>(
        _ type: Value.Type, _ response: HTTPResponse, _ target: String
    ) throws(PollFailure) -> Value {
        switch response.status {
        case 401, 403, 404:
            throw requests.failure(
                .permissionMissing, "XAPI refused (HTTP \(response.status))", .get, target,
                remedy: access.remedy(forStatus: response.status))
        case 400:
            throw requests.failure(
                .interfaceMissing, "HTTP 400" + (Self.message(in: response).map { ": \($0)" } ?? ""), .get, target,
                remedy: "this version of 3CX does not take the request: update 3CX, or report this with its version")
        default: return try requests.decode(type, response, .get, target)
        }
    }

    private static func message(in response: HTTPResponse) -> String? {
        do {
            let refusal = try WireJSON.decode(XAPIMessages.Refusal.self, from: response.body)
            return DisplayName.clean(refusal.error.message?.text)
        } catch {
            // Often there is no body at all.
            return nil
        }
    }
}

/// As whom the bridge uses XAPI, for what to tell the operator when it may not.
enum XAPIAccess: Equatable, Sendable {
    case client(id: String)
    case user(String)

    /// A token that was refused although it is new may also be one that somebody else's has ended.
    func remedy(forStatus status: Int) -> String {
        guard status == 401, case .client = self else { return remedy }
        return remedy + "; also check that no other program uses the same API client"
    }

    /// What to change in 3CX when a request is refused, whatever the status: a missing licence, a missing permission
    /// and a weak role are answered with 401, 403 or 404, with an empty body.
    var remedy: String {
        switch self {
        case .client(let id):
            "in 3CX, Admin > Integrations > API: tick \"3CX Configuration API Access\" for the client "
                + "\(id.prefix(60)), with department System Wide and role System Administrator; the licence must be "
                + "Enterprise, 8SC or larger"
        case .user(let name):
            "in 3CX, Admin > Users: give the user \(name.prefix(60)) the role System Administrator in department "
                + "System Wide, or use an API client (Admin > Integrations > API) with 3CX.client_id and "
                + "3CX.client_secret"
        }
    }
}
