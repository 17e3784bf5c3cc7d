package import Domain

/// What a PBX tells of itself that the bridge does not need for its work, but an operator who sets it up does.
package struct PhoneSystemFacts: Equatable, Sendable {
    /// `20.0.8.1121`; `nil` where the login may not read it.
    package var version: String?
    /// In words; `nil` where the login may not read it.
    package var licence: String?
    /// Whether the licence is one without the interfaces for API clients.
    package var lacksInterfaces = false
    /// What the DNs are, and which are watched.
    package var dialPlan: DialPlan?
    /// How much later it is there than here.
    package var serverAhead: Duration?

    package init(dialPlan: DialPlan? = nil) {
        self.dialPlan = dialPlan
    }
}
