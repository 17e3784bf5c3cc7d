/// As whom the bridge uses XAPI, for what to tell the operator when it may not.
enum XAPIAccess: Equatable, Sendable {
    case client(id: String)
    case user(String)

    /// A token that was refused although it is new may also be one that somebody else's has ended.
    func remedy(forStatus status: Int) -> String {
        guard status == 401, case .client = self else { return remedy }
        return remedy + "; also check that no other program uses the same API client"
    }

    /// What to change in 3CX when a request is refused, whatever the status: a missing licence, a missing permission and a
    /// weak role are answered with 401, 403 or 404, with an empty body.
    var remedy: String {
        switch self {
        case .client(let id):
            "in 3CX, Admin > Integrations > API: tick \"3CX Configuration API Access\" for the client \(id.prefix(60)), with "
                + "department System Wide and role System Administrator; the licence must be 8SC+ Enterprise (ENT/AI)"
        case .user(let name):
            "in 3CX, Admin > Users: give the user \(name.prefix(60)) the role System Administrator in department System Wide, or "
                + "use an API client (Admin > Integrations > API) with 3CX.client_id and 3CX.client_secret"
        }
    }
}
