/// A way in which 3CX fails in the middle of a call.
enum PhoneSystemTrouble: CaseIterable, Sendable {
    case serverError
    case truncated
    case cutShort
    case empty
    case loginPage
    case notFound
    case down
    /// The bridge gives up waiting after five seconds.
    case hang
    /// The session or token has ended, and a proxy's login page answers.
    case endedWithLoginPage

    func begin(_ pbx: any PhoneSystemUnderTest) async {
        switch self {
        case .serverError: await pbx.server.inject(.status(500))
        case .truncated: await pbx.server.inject(.truncated)
        case .cutShort: await pbx.server.inject(.cutShort)
        case .empty: await pbx.server.inject(.empty)
        case .loginPage: await pbx.server.inject(.loginPage)
        case .notFound: await pbx.server.inject(.status(404))
        case .down: await pbx.server.stop()
        case .hang: await pbx.server.inject(.hang)
        case .endedWithLoginPage:
            await pbx.endSession()
            await pbx.server.inject(.loginPage)
        }
    }

    func end(_ pbx: any PhoneSystemUnderTest) async throws {
        await pbx.server.clearFaults()
        if self == .down { try await pbx.server.restart() }
    }
}
