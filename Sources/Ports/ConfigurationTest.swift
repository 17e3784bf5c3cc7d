package import Domain

/// What the operator expects the configuration to make of one call.
package struct ConfigurationTest: Equatable, Sendable {
    package enum Target: Equatable, Sendable {
        case zammad(ZammadName)
        /// Nobody is told.
        case none
    }

    /// What is not given may be anything.
    package struct Expectation: Equatable, Sendable {
        package var target: Target?
        /// A part of the reason for which nobody is told.
        package var reason: String?
        package var direction: CallCommand.Direction?
        /// As `newCall` has it.
        package var from: String?
        package var to: String?

        package init() {}
    }

    package var name: String
    package var location: ConfigurationLocation
    /// As 3CX shows it at first.
    package var call: ObservedCall
    /// The extension that answers it.
    package var answeredBy: String?
    package var phoneSystem: PhoneSystemName
    package var expected: Expectation

    package init(
        name: String, location: ConfigurationLocation, call: ObservedCall, answeredBy: String?,
        phoneSystem: PhoneSystemName,
        expected: Expectation
    ) {
        self.name = name
        self.location = location
        self.call = call
        self.answeredBy = answeredBy
        self.phoneSystem = phoneSystem
        self.expected = expected
    }
}
