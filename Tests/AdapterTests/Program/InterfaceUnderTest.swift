import Testing

/// An interface of 3CX and how the daemon comes to use it.
struct InterfaceUnderTest: Sendable, CustomTestStringConvertible {
    static let all = [
        InterfaceUnderTest(kind: .legacy, api: "legacy"), InterfaceUnderTest(kind: .callcontrol, api: "callcontrol"),
        InterfaceUnderTest(kind: .xapi, api: "xapi"), InterfaceUnderTest(kind: .legacy, api: "auto"),
        InterfaceUnderTest(kind: .callcontrol, api: "auto"),
    ]

    /// Those that push what happens.
    static let pushing = [
        InterfaceUnderTest(kind: .events, api: "callcontrol"), InterfaceUnderTest(kind: .version20, api: "auto"),
    ]

    let kind: PhoneSystemKind
    let api: String

    var testDescription: String { "api: \(api) on \(kind.rawValue)" }
}
