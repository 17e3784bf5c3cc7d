/// Where to open a WebSocket, and what to hold its peer to.
package struct WebSocketRequest: Equatable, Sendable {
    /// Absolute; `http` and `ws` mean the same, `https` and `wss` too. Without user name and password.
    package var url: String
    /// Sent with the upgrade, beside those that belong to the handshake itself (`Host`, `Upgrade`, …).
    package var headers: HTTPHeaders
    /// For name resolution, TCP, TLS and upgrade together.
    package var timeout: Duration
    package var pingInterval: Duration
    /// How long after a ping a pong may take before the connection counts as dead.
    package var pongTimeout: Duration
    /// The sum of a message's fragments.
    package var maximumMessageBytes: Int

    package init(
        url: String,
        headers: HTTPHeaders = [:],
        timeout: Duration = .seconds(5),
        pingInterval: Duration = .seconds(15),
        pongTimeout: Duration = .seconds(10),
        maximumMessageBytes: Int = 1 << 20
    ) {
        self.url = url
        self.headers = headers
        self.timeout = timeout
        self.pingInterval = pingInterval
        self.pongTimeout = pongTimeout
        self.maximumMessageBytes = maximumMessageBytes
    }

    /// Control frames are up to 125 bytes, whatever is allowed for messages.
    var maximumFrameBytes: Int { max(maximumMessageBytes, 125) }

    /// The same URL with the scheme that the HTTP code knows.
    package var httpURL: String {
        for (scheme, replacement) in [("ws://", "http://"), ("wss://", "https://")]
        where url.prefix(scheme.count).lowercased() == scheme {
            return replacement + url.dropFirst(scheme.count)
        }
        return url
    }

    /// Refuses unusable URLs and headers as HTTP requests do.
    func checkedOrigin() throws(WebSocketFailure) -> HTTPOrigin {
        do {
            return try HTTPRequest(url: httpURL, headers: headers).checkedOrigin()
        } catch {
            throw WebSocketFailure(.unreachable, detail: "event socket: \(error.detail)", remedy: error.remedy)
        }
    }
}
