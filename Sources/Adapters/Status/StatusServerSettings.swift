package import Ports

/// How the status page is served.
package struct StatusServerSettings: Sendable {
    package var address: StatusAddress
    /// Without one everybody on this machine may read; an address that is not loopback needs one.
    package var token: Secret?
    package var version: String
    /// `Bridge.instance`.
    package var instance: String
    package var privacy: StatusPrivacy
    /// Pages and `tap` commands that listen at the same time.
    package var mostListeners = 32
    package var mostConnections = 128

    package init(
        address: StatusAddress, token: Secret?, version: String, instance: String, privacy: StatusPrivacy
    ) {
        self.address = address
        self.token = token
        self.version = version
        self.instance = instance
        self.privacy = privacy
    }
}
