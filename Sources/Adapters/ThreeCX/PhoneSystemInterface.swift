package import Ports

/// An interface of 3CX: all that the program knows of it, but for what is asked and what the answers mean, which its
/// view knows.
///
/// A new one is a case of `BridgeConfiguration.PhoneSystemAPI`, a `PhoneSystemView`, and a value here. `AutomaticView`
/// decides whether `auto` finds it.
package struct PhoneSystemInterface: Sendable, Equatable {
    /// What fixtures call it.
    package struct FixtureSource: Sendable {
        package let name: String
        /// Whether their steps bring events.
        package var hasEvents = false
    }

    /// In words.
    package let name: String
    /// What the operator writes to have it used.
    package let api: BridgeConfiguration.PhoneSystemAPI
    /// Any of these does; where none is configured the first is asked for.
    package let logins: [PhoneSystemLogin]
    /// Whether no call is seen unless the configuration names groups or queues.
    package let needsNames: Bool
    /// Whether it may tell the e-mail addresses of the users.
    package let tellsEmails: Bool
    /// What is asked for the calls, as recordings write it: `GET /path`.
    package let callQuestions: Set<String>
    /// What is posted besides logins, and changes nothing.
    package let harmlessPosts: Set<String>
    package let fixtureSources: [FixtureSource]
    /// Makes its view; `nil` without the credentials of any login.
    package let view: @Sendable (PhoneSystemConnection) -> (any PhoneSystemView)?

    package static func == (left: Self, right: Self) -> Bool { left.name == right.name }
}

extension BridgeConfiguration.PhoneSystemAPI {
    package var interface: PhoneSystemInterface {
        switch self {
        case .auto: .automatic
        case .legacy: .legacy
        case .callcontrol: .callControl
        case .xapi: .xapi
        }
    }
}

extension PhoneSystemInterface {
    package static let all = BridgeConfiguration.PhoneSystemAPI.allCases.map(\.interface) + [joined]

    /// What the phone system has, and the login may use.
    static let automatic = PhoneSystemInterface(
        name: "auto", api: .auto, logins: [.webAdministration, .apiClient, .webClient], needsNames: false,
        tellsEmails: true,
        callQuestions: [], harmlessPosts: [], fixtureSources: [],
        view: { AutomaticView($0) })

    static let legacy = PhoneSystemInterface(
        name: "legacy", api: .legacy, logins: [.webAdministration], needsNames: true, tellsEmails: false,
        callQuestions: ["GET \(LegacyView.path)"],
        harmlessPosts: [LegacyDirectoryLoader.openGroupPath, LegacyDirectoryLoader.nextMembersPath],
        fixtureSources: [FixtureSource(name: "legacy")],
        view: { LegacyView($0) })

    static let callControl = PhoneSystemInterface(
        name: "call control", api: .callcontrol, logins: [.apiClient], needsNames: false, tellsEmails: false,
        callQuestions: ["GET \(CallControlView.path)"], harmlessPosts: [],
        fixtureSources: [
            FixtureSource(name: "callcontrol"), FixtureSource(name: "callcontrol-events", hasEvents: true),
        ],
        view: { CallControlView($0) })

    static let xapi = PhoneSystemInterface(
        name: "XAPI", api: .xapi, logins: [.apiClient, .webClient], needsNames: false, tellsEmails: true,
        callQuestions: ["GET \(XAPIView.path)"], harmlessPosts: [], fixtureSources: [FixtureSource(name: "xapi")],
        view: { XAPIView($0) })

    /// Call control and XAPI at once, which `auto` alone chooses.
    static let joined = PhoneSystemInterface(
        name: "call control and XAPI", api: .auto, logins: [.apiClient], needsNames: false, tellsEmails: true,
        callQuestions: callControl.callQuestions.union(xapi.callQuestions), harmlessPosts: [],
        fixtureSources: [FixtureSource(name: "v20", hasEvents: true)],
        view: { CallControlView($0, isJoined: true) })
}
