package import Domain

/// What came of one run.
package struct SimulationResult: Equatable, Sendable {
    package struct Counts: Equatable, Sendable {
        /// Calls of the PBX, and how many of them were reported.
        package var calls = 0
        package var reported = 0
        package var polls = 0
        package var steps = 0
        /// Events that the bridge took on, and requests made for them.
        package var events = 0
        package var attempts = 0
        /// The end of the process, loss of power included.
        package var crashes = 0
        package var powerLosses = 0
        package var unconfirmed = 0
        package var drops = 0
        package var deadLetters = 0
        package var wipes = 0
        /// Tickets and articles made, the requests for them, and those that were given up on the way.
        package var tickets = 0
        package var ticketRequests = 0
        package var deadTickets = 0
        /// Milliseconds of virtual time.
        package var virtualTime: Int64 = 0

        package init() {}

        package static func += (left: inout Counts, right: Counts) {
            left.calls += right.calls
            left.reported += right.reported
            left.polls += right.polls
            left.steps += right.steps
            left.events += right.events
            left.attempts += right.attempts
            left.crashes += right.crashes
            left.powerLosses += right.powerLosses
            left.unconfirmed += right.unconfirmed
            left.drops += right.drops
            left.deadLetters += right.deadLetters
            left.wipes += right.wipes
            left.tickets += right.tickets
            left.ticketRequests += right.ticketRequests
            left.deadTickets += right.deadTickets
            left.virtualTime += right.virtualTime
        }
    }

    /// One poll of the simulated PBX.
    package struct Poll: Equatable, Sendable {
        /// Milliseconds since the first one.
        package var at: Int64
        /// `nil` for one that failed.
        package var snapshot: CallSnapshot?
    }

    package var configuration: SimulationConfiguration
    /// With what the bridge ran.
    package var calls = CallLifecycle.Settings()
    package var listsLegs = false
    /// Every poll that ended; empty unless traces are asked for.
    package var polls: [Poll] = []
    package var counts = Counts()
    /// What was found wrong, a sentence each; at most 20.
    package var violations: [String] = []
    /// One line an event; empty unless asked for.
    package var trace: [String] = []
}
