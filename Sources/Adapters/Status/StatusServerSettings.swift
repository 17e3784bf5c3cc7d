/// How the status page is served.
package struct StatusServerSettings: Sendable {
    package var address: StatusAddress
    /// Without a token everybody on this machine may read; an address that is not loopback needs one.
    package var access: StatusAccess
    package var version: String
    /// `Bridge.instance`.
    package var instance: String
    package var privacy: StatusPrivacy
    /// Pages and `tap` commands that listen at the same time.
    package var mostListeners = 32
    package var mostConnections = 128
    var limits = StatusConnectionHandler.Limits()

    package init(
        address: StatusAddress, access: StatusAccess, version: String, instance: String, privacy: StatusPrivacy
    ) {
        self.address = address
        self.access = access
        self.version = version
        self.instance = instance
        self.privacy = privacy
    }
}
