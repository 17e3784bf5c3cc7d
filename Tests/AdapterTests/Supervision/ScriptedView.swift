import Domain
import Ports

@testable import Adapters

/// A PBX of which the test says what each poll gives; the last saying holds on.
actor ScriptedView: PhoneSystemView {
    enum Answer: Sendable {
        case complete
        case incomplete
        case failing(PollFailure.Kind)
        /// No answer until the looking task is cancelled.
        case hanging
    }

    let interface = PhoneSystemInterface.legacy
    let name = "scripted"
    private let clock: any Clock
    private var answers: [Answer]
    /// When each poll began.
    let polls = EventBox<Instant>()

    init(_ answers: [Answer], clock: any Clock) {
        self.answers = answers
        self.clock = clock
    }

    func poll() async throws(PollFailure) -> PollResult {
        let answer = answers.count > 1 ? answers.removeFirst() : answers.first ?? .complete
        await polls.record(clock.now())
        switch answer {
        case .complete: return PollResult(snapshot: CallSnapshot(takenAt: clock.now(), calls: []))
        case .incomplete: return PollResult(snapshot: CallSnapshot(takenAt: clock.now(), calls: [], isComplete: false))
        case .failing(let kind): throw Self.failure(kind)
        case .hanging:
            do { try await clock.sleep(until: Instant(milliseconds: .max)) } catch { throw Self.failure(.cancelled) }
            throw Self.failure(.unreachable)
        }
    }

    func drop(_ call: PBXCallID) async -> CallDropOutcome { .dropped }

    static func failure(_ kind: PollFailure.Kind) -> PollFailure {
        PollFailure(kind, "scripted failure", at: "GET https://pbx.example.net", remedy: "none")
    }
}
