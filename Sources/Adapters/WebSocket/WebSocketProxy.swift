import Foundation

/// The HTTP proxy that the environment names for an address, reached by `CONNECT`.
///
/// The variables are read as curl reads them: `https_proxy` or `HTTPS_PROXY`, `http_proxy` in lower case only (a CGI
/// program has the header `Proxy` of its caller in `HTTP_PROXY`), and none for what `no_proxy` or `NO_PROXY` covers.
struct WebSocketProxy: Equatable, Sendable {
    var origin: HTTPOrigin
    /// The variable that names it, for the operator.
    var variable: String
    /// The value of `Proxy-Authorization`, a secret.
    var authorization: String?

    static func find(
        for target: HTTPOrigin,
        in environment: [String: String]
    ) throws(WebSocketFailure) -> WebSocketProxy? {
        let names = target.isSecure ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        guard let name = names.first(where: { environment[$0]?.isEmpty == false }), let value = environment[name] else {
            return nil
        }
        let exceptions = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        if exceptions.split(whereSeparator: { $0 == "," || $0.isWhitespace }).contains(where: target.isCovered) {
            return nil
        }
        guard let proxy = WebSocketProxy(value, variable: name) else {
            throw WebSocketFailure(
                .unreachable,
                detail: "event socket to \(target): the environment variable \(name) names no proxy that can be used",
                remedy: "set it to http://[user:password@]host:port, or name \(target.host) in no_proxy"
            )
        }
        return proxy
    }

    private init?(_ value: String, variable: String) {
        let url = value.contains("://") ? value : "http://\(value)"
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        let end = url[start...].firstIndex { "/?#".contains($0) } ?? url.endIndex
        var address = url[..<end]
        if let at = address.lastIndex(of: "@") {
            let user = address[start..<at]
            address = url[..<start] + address[address.index(after: at)...]
            guard let credentials = String(user).removingPercentEncoding else { return nil }
            authorization =
                "Basic "
                + Data((credentials.contains(":") ? credentials : credentials + ":").utf8)
                .base64EncodedString()
        }
        guard let origin = HTTPOrigin(String(address)), !origin.isSecure else { return nil }
        self.origin = origin
        self.variable = variable
    }

    /// The head of the request for a tunnel.
    func connectRequest(to target: HTTPOrigin, userAgent: String) -> String {
        let host = target.isIPv6Literal ? "[\(target.host)]" : target.host
        let authority = "\(host):\(target.effectivePort)"
        var lines = ["CONNECT \(authority) HTTP/1.1", "Host: \(authority)", "User-Agent: \(userAgent)"]
        if let authorization { lines.append("Proxy-Authorization: \(authorization)") }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// Not the same as the server's refusal: a 401 or 403 of a proxy says nothing of tokens and rights.
    func refusal(status: Int, of target: HTTPOrigin) -> WebSocketFailure {
        WebSocketFailure(
            .unreachable,
            detail: "event socket to \(target): the proxy \(origin) of \(variable) refused the tunnel with \(status)",
            remedy: status == 407
                ? "check user and password in \(variable)"
                : "check the proxy's rules, or name \(target.host) in no_proxy"
        )
    }
}

extension HTTPOrigin {
    /// Whether an entry of `no_proxy` is for this host: `*`, `host` and `.host` (with all names below it), `host:port`.
    fileprivate func isCovered(by entry: Substring) -> Bool {
        var entry = entry.lowercased()
        if entry == "*" || entry == host || entry == "[\(host)]" { return true }
        if let colon = entry.lastIndex(of: ":"), let port = Int(entry[entry.index(after: colon)...]) {
            let name = entry[..<colon]
            guard !name.contains(":") || name.hasPrefix("[") else { return false }
            guard port == effectivePort else { return false }
            entry = name.filter { $0 != "[" && $0 != "]" }
        }
        if entry.hasPrefix("*.") { entry.removeFirst() }
        if entry.hasPrefix(".") { entry.removeFirst() }
        return !entry.isEmpty && (host == entry || !host.isIPAddress && host.hasSuffix("." + entry))
    }
}
