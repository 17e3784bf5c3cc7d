package import Ports
package import Wire

/// What all interfaces of one 3CX share.
package struct PhoneSystemConnection: Sendable {
    let settings: PhoneSystemSettings
    let requests: PhoneSystemRequests
    /// Without it a 3CX v20 is polled.
    let sockets: (any WebSocketOpener)?
    let clock: any Clock
    /// The login to a v20; `nil` without the credentials of any.
    let version20: Version20Login?

    package init(
        _ settings: PhoneSystemSettings, transport: any HTTPTransport, sockets: (any WebSocketOpener)? = nil,
        clock: any Clock
    ) {
        self.settings = settings
        requests = PhoneSystemRequests(settings, transport)
        self.sockets = sockets
        self.clock = clock
        version20 = Version20Login(settings.phoneSystem, requests, clock)
    }
}

/// The token of a v20 that all its interfaces use, since a new one ends the one before.
struct Version20Login: Sendable {
    let requests: PhoneSystemRequests
    let owner: TokenOwner
    let access: XAPIAccess

    /// Of the API client, else of the user of the web client.
    init?(_ phoneSystem: BridgeConfiguration.PhoneSystem, _ requests: PhoneSystemRequests, _ clock: any Clock) {
        let mint: any TokenMint
        if let clientID = phoneSystem.clientID, let secret = phoneSystem.clientSecret {
            mint = ClientCredentialsMint(requests: requests, clientID: clientID, clientSecret: secret, clock: clock)
            access = .client(id: clientID)
        } else if let user = phoneSystem.user, let password = phoneSystem.password {
            mint = WebClientMint(requests: requests, user: user, password: password, clock: clock)
            access = .user(user)
        } else {
            return nil
        }
        self.requests = requests
        owner = TokenOwner(requests: requests, mint: mint, clock: clock)
    }
}
