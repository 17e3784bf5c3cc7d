/// Sends requests and collects answers; any status is an answer. Implementations never follow redirects, never store
/// cookies, and never send a request twice.
package protocol HTTPTransport: Sendable {
    /// Ends within `request.timeout` and promptly when the calling task is cancelled.
    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse

    /// Closes all connections; requests under way and later ones fail with `cancelled`. To be called before the
    /// transport is let go of; may be called again.
    func shutdown() async
}

package struct HTTPTransportSettings: Sendable, Equatable {
    /// Name resolution, TCP and TLS together. A request's own timeout applies as well, whichever is shorter.
    package var connectTimeout: Duration
    /// A longer answer is a failure; no more than this (and what one read brings) is ever held of it.
    package var maximumBodyBytes: Int
    /// PEM file of CAs that are trusted in addition to those of the system.
    package var tlsCAFile: String?
    package var userAgent: String

    package init(
        connectTimeout: Duration = .seconds(5),
        maximumBodyBytes: Int = 16 * 1024 * 1024,
        tlsCAFile: String? = nil,
        userAgent: String = "3cx-zammad-bridge"
    ) {
        self.connectTimeout = connectTimeout
        self.maximumBodyBytes = maximumBodyBytes
        self.tlsCAFile = tlsCAFile
        self.userAgent = userAgent
    }
}

package enum HTTPTransports {
    /// One that tells of a certificate what is wrong with it.
    package static func make(
        _ settings: HTTPTransportSettings = HTTPTransportSettings()
    ) throws(HTTPTransportSetupFailure) -> any HTTPTransport {
        ExplainingTransport(try AsyncHTTPClientTransport(settings: settings), caFile: settings.tlsCAFile)
    }
}
