/// Scheme, host and port of a URL: all of a URL that may be shown, since its user info, path and query can hold secrets.
package struct HTTPOrigin: Sendable, Hashable, CustomStringConvertible {
    package var scheme: String
    /// Lower case; an IPv6 address without its brackets.
    package var host: String
    /// `nil` where the URL names none.
    package var port: Int?

    /// `nil` for anything but an absolute `http` or `https` URL of printable ASCII, and for one with user info, which
    /// HTTP clients treat in different ways.
    package init?(_ url: String) {
        guard let parts = Self.split(url), parts.userInfo == nil else { return nil }
        self = parts.origin
    }

    private init(scheme: String, host: String, port: Int?) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    package var isSecure: Bool { scheme == "https" }

    package var isIPv6Literal: Bool { host.contains(":") }

    /// The port to connect to.
    package var effectivePort: Int { port ?? (isSecure ? 443 : 80) }

    /// As in a `Host` header.
    package var authority: String {
        let name = isIPv6Literal ? "[\(host)]" : host
        return port.map { "\(name):\($0)" } ?? name
    }

    package var description: String { "\(scheme)://\(authority)" }

    /// A URL as it may stand in logs and errors: `https://host:port/…`.
    package static func redacted(_ url: String) -> String {
        guard let parts = split(url) else { return "(unreadable URL)" }
        return parts.hasPath ? "\(parts.origin)/…" : "\(parts.origin)"
    }

    /// Path and query of a URL, beginning with a slash.
    static func target(of url: String) -> String {
        guard let authority = url.firstRange(of: "://") else { return "/" }
        guard let start = url[authority.upperBound...].firstIndex(where: { "/?#".contains($0) }) else { return "/" }
        let target = url[start...].prefix { $0 != "#" }
        return target.hasPrefix("/") ? String(target) : "/" + target
    }

    private static func split(_ url: String) -> (origin: HTTPOrigin, userInfo: Substring?, hasPath: Bool)? {
        guard url.utf8.count <= 8192, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            let separator = url.firstRange(of: "://")
        else { return nil }
        let scheme = url[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = url[separator.upperBound...]
        let end = rest.firstIndex { "/?#\\".contains($0) } ?? rest.endIndex
        var authority = rest[..<end]
        var userInfo: Substring?
        if let at = authority.lastIndex(of: "@") {
            userInfo = authority[..<at]
            authority = authority[authority.index(after: at)...]
        }
        guard let (host, port) = splitAuthority(authority) else { return nil }
        return (HTTPOrigin(scheme: scheme, host: host, port: port), userInfo, end != rest.endIndex)
    }

    private static func splitAuthority(_ authority: Substring) -> (host: String, port: Int?)? {
        let host: Substring
        let tail: Substring
        if authority.first == "[" {
            guard let close = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<close]
            tail = authority[authority.index(after: close)...]
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
        } else {
            let colon = authority.firstIndex(of: ":") ?? authority.endIndex
            host = authority[..<colon]
            tail = authority[colon...]
            guard !host.isEmpty, host.utf8.allSatisfy({ $0.isHTTPTokenCharacter }) else { return nil }
        }
        if tail.isEmpty { return (host.lowercased(), nil) }
        let digits = tail.dropFirst()
        guard tail.first == ":", digits.allSatisfy(\.isNumber), let port = Int(digits), (1...65535).contains(port)
        else { return nil }
        return (host.lowercased(), port)
    }
}
