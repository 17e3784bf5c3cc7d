import Testing

@testable import Adapters

@Suite("The interfaces of 3CX")
struct PhoneSystemInterfaceTests {
    private static func view(_ interface: PhoneSystemInterface, user: Bool, client: Bool) -> (any PhoneSystemView)? {
        interface.view(
            PhoneSystemConnection(
                PhoneSystemExamples.settings(legacy: user, client: client), transport: ScriptedTransport([:]),
                clock: SteppedClock()))
    }

    @Test("have a view with the credentials of each of their logins, and none without")
    func views() async throws {
        for interface in PhoneSystemInterface.all where interface.api != .auto || interface == .joined {
            for login in interface.logins {
                let isUser = login.credentials == .user
                let view = Self.view(interface, user: isUser, client: !isUser)
                #expect(await view?.interface == interface, "\(interface.name), \(login)")
            }
            #expect(Self.view(interface, user: false, client: false) == nil, "\(interface.name)")
        }
    }

    @Test("are found by the names that fixtures give them")
    func fixtureSources() {
        #expect(
            Fixture.Source.allCases.map(\.rawValue)
                == ["legacy", "callcontrol", "callcontrol-events", "xapi", "v20"])
        #expect(Fixture.Source(rawValue: "v20")?.interface == .joined)
        #expect(Fixture.Source(rawValue: "auto") == nil)
    }
}
