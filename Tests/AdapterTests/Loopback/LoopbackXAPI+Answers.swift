import Adapters

extension LoopbackXAPI {
    /// The answer to a permitted request; `derived` are the rows of `ActiveCalls` where none were set.
    func answer(_ request: LoopbackRequest, derived: [LoopbackActiveCall]) throws -> LoopbackReply {
        let path = request.path.dropFirst(Self.path.count).drop { $0 == "/" }
        if let status = refused[Self.withoutKeys(path)] { return .empty(status) }
        if let id = droppedCall(request) {
            guard (activeCalls ?? derived).contains(where: { $0.id == id }) else { return .empty(404) }
            return .empty(204)
        }
        guard request.method == "GET" else { return .empty(405) }
        switch path {
        case "Defs":
            var reply = try LoopbackReply.json(["@odata.context": .string(context(path)), "Id": 0])
            reply.headers["X-3CX-Version"] = version
            reply.headers["Date"] = date
            return reply
        case "Defs/Pbx.GetSystemParameters()":
            return try .json([
                "@odata.context": .string(context("Pbx.SystemParameters")), "Version": .string(version),
                "FQDN": "pbx.example.net", "ENL": .integer(extensionLength), "HttpPort": 5000, "HttpsPort": 5001,
                "IsHosted": false, "License": ["IsEnterprise": true, "MaxSimCalls": 16],
            ])
        case "Defs/Pbx.GetLicenseParameters()": return try .json(licence)
        case "ActiveCalls":
            return try page((activeCalls ?? derived).map(\.json), path, request)
        default:
            guard let rows = lists[String(path)] else { return .empty(404) }
            return try page(rows, path, request)
        }
    }

    /// The call that `POST ActiveCalls(ID)/Pbx.DropCall` ends.
    func droppedCall(_ request: LoopbackRequest) -> Int64? {
        let prefix = "\(Self.path)/ActiveCalls("
        guard request.method == "POST", request.path.hasPrefix(prefix), request.path.hasSuffix(")/Pbx.DropCall") else {
            return nil
        }
        return Int64(request.path.dropFirst(prefix.count).prefix { $0 != ")" })
    }

    private func page(_ all: [LoopbackJSON], _ path: Substring, _ request: LoopbackRequest) throws -> LoopbackReply {
        let options = request.queryFields
        var rows = all
        if let filter = options["$filter"] {
            guard let filtered = Self.filtered(rows, filter) else { return try Self.bad("$filter is not supported") }
            rows = filtered
        }
        guard let top = Int(options["$top"] ?? "\(pageSize)"), let skip = Int(options["$skip"] ?? "0"), skip >= 0,
            (0...Self.longestTop).contains(top)
        else { return try Self.bad("The limit of '\(Self.longestTop)' for Top query has been exceeded.") }
        var shown = Array(rows.dropFirst(skip).prefix(min(top, pageSize)))
        var members: [String: LoopbackJSON] = ["@odata.context": .string(context(path))]
        if options["$count"] == "true" { members["@odata.count"] = .integer(Int64(rows.count)) }
        let isLinked = nextLink == .always || nextLink == .withoutTop && options["$top"] == nil
        if isLinked, skip + shown.count < rows.count {
            var rest = options
            rest["$skip"] = "\(skip + shown.count)"
            let query = rest.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
            let host = request.headers["host"] ?? "127.0.0.1"
            members["@odata.nextLink"] = .string(
                "http://\(host)\(request.path)?\(query)".replacing(" ", with: "%20").replacing("'", with: "%27"))
        }
        if let fields = options["$select"]?.split(separator: ",").map({ String($0.filter { $0 != " " }) }) {
            shown = shown.map { .object(($0.members ?? [:]).filter { fields.contains($0.key) }) }
        }
        members["value"] = .array(shown)
        return try .json(.object(members))
    }

    /// `Name eq 'Support'`, the one form that is understood.
    private static func filtered(_ rows: [LoopbackJSON], _ filter: String) -> [LoopbackJSON]? {
        guard let found = filter.firstRange(of: " eq '"), filter.hasSuffix("'") else { return nil }
        let field = String(filter[..<found.lowerBound])
        let value = String(filter[found.upperBound...].dropLast()).replacing("''", with: "'")
        return rows.filter { $0[field]?.string == value }
    }

    private static func bad(_ message: String) throws -> LoopbackReply {
        try .json(["error": ["code": "", "message": .string(message), "details": []]], status: 400)
    }

    private func context(_ path: Substring) -> String { "https://pbx.example.net/xapi/v1/$metadata#\(path)" }

    /// `Groups(35)/Members` → `Groups/Members`; an empty pair of parentheses calls a function and stays.
    static func withoutKeys(_ path: Substring) -> String {
        path.split(separator: "/").map { part in
            guard let open = part.firstIndex(of: "("), !part.hasSuffix("()") else { return String(part) }
            return String(part[..<open])
        }.joined(separator: "/")
    }
}
