package import Domain

/// Something that happened, as it is kept until somebody wants to read of it.
package struct StatusEvent: Equatable, Sendable {
    package enum What: Equatable, Sendable {
        case news(News)
        /// A request to Zammad that failed, be it repaired later or not.
        case failed(DeliveryAttempt, DeliveryOutcome)
        case phoneSystem(SourceHealth, of: PhoneSystemName = .default)
    }

    package var at: Instant
    package var what: What

    package init(at: Instant, _ what: What) {
        self.at = at
        self.what = what
    }
}
