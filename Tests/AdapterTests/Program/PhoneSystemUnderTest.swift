/// A loopback PBX of some version, in the terms that the program's tests share.
protocol PhoneSystemUnderTest: Sendable {
    var server: LoopbackServer { get }
    var state: ObservedValue<State> { get }
    /// Asked for at every poll.
    var callsPath: String { get }
    /// How the bridge names an agent of this system.
    func name(ofAgent dn: String) -> String
    /// How the bridge names the queue 816.
    var queueName: String { get }

    func show(_ calls: [SceneCall]) async
    /// Waits until so many further looks were answered, spoilt or not.
    func waitForPolls(_ count: Int) async throws
    /// Ends the session or token behind the bridge's back.
    func endSession() async
    /// How often the bridge has logged in or fetched a token.
    var logins: Int { get async }
    func waitForLogins(_ count: Int) async throws
    /// What the bridge got by its last login, and must not print either.
    var sessionSecret: String? { get async }
    /// From now on another password or client secret is the right one, or again the right one is.
    func refuseCredentials(_ refuses: Bool) async

    associatedtype State: Sendable
}

extension PhoneSystemUnderTest {
    func waitForPolls(_ count: Int) async throws {
        let path = callsPath
        // One more, since the answer of the last may be under way.
        let target = await server.count(of: path) + count + 1
        try await server.requests.wait(count: target) { $0.path == path }
    }
}
