import Ports

/// Owns the token of one login for all who send it: REST, XAPI and the event socket.
protocol BearerOwner: LoginHolder {
    /// Sends a request with the token; on 401 once more with a new one.
    func send(_ method: HTTPMethod, _ path: String) async throws(LookFailure) -> HTTPResponse

    /// The token to open a socket with, minted if needed.
    func token() async throws(LookFailure) -> AccessToken

    /// The PBX refused this token: the next `token()` is a new one, if this one is still the current one.
    /// Nothing is concluded from it: an interface that refuses every token says nothing about the others.
    func refused(_ token: AccessToken) async
}
