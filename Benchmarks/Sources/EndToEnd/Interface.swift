import ArgumentParser

/// The interface of 3CX that a measurement runs over.
enum Interface: String, CaseIterable, ExpressibleByArgument, Sendable {
    case legacy
    case callcontrol
    case events

    var api: String { self == .legacy ? "legacy" : "callcontrol" }
}
