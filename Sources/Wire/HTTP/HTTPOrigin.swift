/// Scheme, host and port of a URL: all of a URL that may be shown, since its user info, path and query can hold
/// secrets.
package struct HTTPOrigin: Sendable, Hashable, CustomStringConvertible {
    package var scheme: String
    /// Lower case; an IPv6 address without its brackets.
    package var host: String
    /// `nil` where the URL names none.
    package var port: Int?

    /// `nil` for what is no ``WebAddress``, and for one that is too long for a request.
    package init?(_ url: String) {
        do {
            guard url.utf8.count <= 8192 else { return nil }
            self = try WebAddress(url).origin
        } catch {
            return nil
        }
    }

    init(scheme: String, host: String, port: Int?) {
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
        do {
            let address = try WebAddress(url, ignoringUser: true)
            return address.path.isEmpty && !address.hasQueryOrFragment
                ? "\(address.origin)" : "\(address.origin)/…"
        } catch {
            return "(unreadable URL)"
        }
    }

    /// Path and query of a URL, beginning with a slash.
    package static func target(of url: String) -> String {
        guard let authority = url.firstRange(of: "://") else { return "/" }
        guard let start = url[authority.upperBound...].firstIndex(where: { "/?#".contains($0) }) else { return "/" }
        let target = url[start...].prefix { $0 != "#" }
        return target.hasPrefix("/") ? String(target) : "/" + target
    }
}
