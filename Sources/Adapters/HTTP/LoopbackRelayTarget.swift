import NIOSSL

/// Where a relay leads, and how.
struct LoopbackRelayTarget: Sendable {
    var origin: HTTPOrigin
    var tls: NIOSSLContext
    var connectTimeout: Duration
    var ledger: LoopbackRelayLedger

    enum Header {
        /// On requests to a relay; it goes no further.
        static let ticket = "X-Loopback-Ticket"
        /// On answers of a relay, whose own status is always 200: the status that the server gave.
        static let status = "X-Loopback-Status"
    }
}
