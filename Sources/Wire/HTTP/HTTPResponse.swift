import Ports

/// A complete answer, whatever its status.
package struct HTTPResponse: Sendable, Equatable {
    package var status: Int
    package var headers: HTTPHeaders
    package var body: [UInt8]

    package init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// What an answer says of itself that another server gave, or a proxy.
extension HTTPResponse {
    /// Whether it says that it is one.
    package var isWebPage: Bool { headers.first("Content-Type")?.lowercased().contains("html") ?? false }

    /// Whether it does not say that it is something else.
    package var isJSON: Bool {
        headers.first("Content-Type")?.lowercased().contains("json") ?? true
    }

    /// Whether a server that speaks TLS on this port says that it was asked without: nginx, Go's and Apache's words.
    package var wantsTLS: Bool {
        guard (400..<500).contains(status) else { return false }
        let text = String(decoding: body.prefix(2048), as: UTF8.self).lowercased()
        return [
            "plain http request was sent to https port", "client sent an http request to an https server",
            "speaking plain http to an ssl-enabled server port",
        ].contains { text.contains($0) }
    }

    /// Where a redirect leads, as ` to …`: an address without what may be secret in it, or a path without its query and
    /// the secrets.
    package func redirection(hiding secrets: [String] = []) -> String {
        guard let location = headers.first("Location") else { return "" }
        if location.hasPrefix("/"), !location.hasPrefix("//") {
            let path = String(location.prefix { $0 != "?" && $0 != "#" })
            return " to \(secrets.reduce(path) { $0.replacing($1, with: "…") }.excerpt)"
        }
        return " to \(HTTPOrigin.redacted(location))"
    }
}
