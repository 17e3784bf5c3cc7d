/// Which one to start.
enum PhoneSystemKind: String, Sendable {
    /// Those that are looked at in short intervals.
    static let polled: [PhoneSystemKind] = [.legacy, .callcontrol, .xapi]

    case legacy
    case callcontrol
    case xapi
    /// Call control with its events, and with XAPI as well.
    case events
    case version20

    /// What `Bridge.api` is for it, unless a test says otherwise.
    var api: String {
        switch self {
        case .legacy, .callcontrol, .xapi: rawValue
        case .events: "callcontrol"
        case .version20: "auto"
        }
    }

    func start() async throws -> any PhoneSystemUnderTest {
        switch self {
        case .legacy: try await LegacyUnderTest.start()
        case .callcontrol: try await CallControlUnderTest.start()
        case .xapi: try await XAPIUnderTest.start()
        case .events: try await EventsUnderTest.start(hasXAPI: false)
        case .version20: try await EventsUnderTest.start(hasXAPI: true)
        }
    }
}
