package import Domain

extension FixtureReplay {
    /// Something that happened, with the time since the start.
    package struct Moment: Equatable, Sendable {
        package enum Kind: Equatable, Sendable {
            case decision(CallDecision)
            /// `answer`: what Zammad said, where it did not simply take the event.
            case request(ExpectedRequest, answer: String?)
            /// `answer`: what came of it.
            case change(ExpectedChange, answer: String)
            case ticket(ExpectedTicket)
            case pollFailed(String)
            case notice(String)
        }

        package var at: Int64
        package var kind: Kind
    }

    /// What a poll showed, until the next one that showed something else.
    package struct Sighting: Equatable, Sendable {
        /// Milliseconds since the start.
        package var at: Int64
        package var phoneSystem: PhoneSystemName
        package var calls: [ObservedCall]
    }

    package struct Result: Equatable, Sendable {
        package var moments: [Moment] = []
        package var sightings: [Sighting] = []
        /// Events that were not delivered in the end.
        package var undelivered = 0
        /// Polls that showed what there is.
        package var polls = 0
        /// Tickets that were neither made nor given up in the end.
        package var waitingTickets = 0

        package var requests: [ExpectedRequest] {
            moments.compactMap { if case .request(let request, _) = $0.kind { request } else { nil } }
        }

        package var changes: [ExpectedChange] {
            moments.compactMap { if case .change(let change, _) = $0.kind { change } else { nil } }
        }

        package var tickets: [ExpectedTicket] {
            moments.compactMap { if case .ticket(let ticket) = $0.kind { ticket } else { nil } }
        }
    }

    /// Why a fixture cannot be played: its configuration is wrong.
    package typealias Failure = FixtureConfiguration.Failure
}
