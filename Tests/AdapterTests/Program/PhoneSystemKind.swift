/// Which one to start.
enum PhoneSystemKind: String, CaseIterable, Sendable {
    case legacy
    case callcontrol
    case xapi

    func start() async throws -> any PhoneSystemUnderTest {
        switch self {
        case .legacy: try await LegacyUnderTest.start()
        case .callcontrol: try await CallControlUnderTest.start()
        case .xapi: try await XAPIUnderTest.start()
        }
    }
}
