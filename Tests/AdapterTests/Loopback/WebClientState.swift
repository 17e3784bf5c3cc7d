/// The login of a user to the web client, whose tokens live beside that of the API client.
struct WebClientState: Equatable, Sendable {
    var username = "101"
    var password = "secret"
    /// The account has a second factor, which a program does not know.
    var wantsSecurityCode = false
    /// Whether `/callcontrol` takes the tokens of users; of real PBXs it is not known.
    var mayCallControl = false
    /// The newest tokens; a new login or refresh ends the life of those before.
    var accessToken: String?
    var refreshToken: String?
    var logins = 0
    var refreshes = 0
}
