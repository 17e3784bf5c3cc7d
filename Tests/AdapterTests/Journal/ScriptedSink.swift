import Domain
import Ports

/// A helpdesk that answers as it is told and remembers what it was sent.
final class ScriptedSink: CommandSink {
    enum Answer: Sendable {
        case outcome(DeliveryOutcome)
        /// None until the request is cancelled.
        case silence
    }

    let sent = ObservedValue<[CallCommand]>([])
    private let answer: @Sendable (CallCommand) -> Answer

    init(_ answer: @escaping @Sendable (CallCommand) -> Answer = { _ in .outcome(.delivered(.plain)) }) {
        self.answer = answer
    }

    func deliver(_ command: CallCommand) async -> DeliveryOutcome {
        let answer = answer(command)
        await sent.update { $0.append(command) }
        switch answer {
        case .outcome(let outcome): return outcome
        case .silence:
            do { try await Task.sleep(for: .seconds(3600)) } catch { return .ambiguous("cancelled") }
            return .ambiguous("an hour has passed")
        }
    }

    func lookUp(_ hangup: CallCommand) async -> DeliveryOutcome { .unverifiable("there is nobody to ask") }

    /// The events as they were sent, as soon as there are so many.
    @discardableResult
    func wait(count: Int) async throws -> [CallCommand.Event] {
        try await sent.wait(for: "\(count) events") { $0.count >= count }.map(\.event)
    }

    var events: [CallCommand.Event] {
        get async { await sent.value.map(\.event) }
    }
}
