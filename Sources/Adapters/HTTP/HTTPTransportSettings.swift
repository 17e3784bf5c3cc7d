package struct HTTPTransportSettings: Sendable, Equatable {
    /// Name resolution, TCP and TLS together. A request's own timeout applies as well, whichever is shorter.
    package var connectTimeout: Duration
    /// A longer answer is a failure; no more than this (and what one read brings) is ever held of it.
    package var maximumBodyBytes: Int
    /// PEM file of CAs that are trusted in addition to those of the system.
    package var tlsCAFile: String?
    package var userAgent: String
    /// Of the Foundation transport. The clients of the other are shared, and are limited by those who ask.
    package var maximumConnectionsPerHost: Int

    package init(
        connectTimeout: Duration = .seconds(5),
        maximumBodyBytes: Int = 16 * 1024 * 1024,
        tlsCAFile: String? = nil,
        userAgent: String = "3cx-zammad-bridge",
        maximumConnectionsPerHost: Int = 16
    ) {
        self.connectTimeout = connectTimeout
        self.maximumBodyBytes = maximumBodyBytes
        self.tlsCAFile = tlsCAFile
        self.userAgent = userAgent
        self.maximumConnectionsPerHost = maximumConnectionsPerHost
    }
}
