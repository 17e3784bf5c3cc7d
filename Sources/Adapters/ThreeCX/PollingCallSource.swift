import Domain
package import Ports

/// Looks again and again, when the supervisor says so: at the poll interval while all is well, less often while the PBX fails.
package struct PollingCallSource: CallSource {
    private let view: any PhoneSystemView
    private let clock: any Clock
    private let settings: SourceSupervisor.Settings
    private let jitter: @Sendable () -> Double

    /// `jitter`: gives random numbers in 0 ..< 1.
    package init(
        view: any PhoneSystemView,
        clock: any Clock,
        pollInterval: Duration,
        jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.view = view
        self.clock = clock
        self.jitter = jitter
        settings = SourceSupervisor.Settings(pollInterval: pollInterval)
    }

    package func run(_ report: @escaping @Sendable (CallSourceReport) async -> Void) async {
        var supervisor = SourceSupervisor(settings: settings, at: clock.now())
        while let deadline = supervisor.nextDeadline {
            var input = SourceSupervisor.Input.timePassed
            var news: CallSourceReport?
            if await !isReached(deadline) {
                input = .stopping
            } else if let nextLook = supervisor.nextLook, nextLook <= clock.now() {
                (input, news) = await look()
                // That a cancelled look failed says nothing of the PBX.
                if case .lookFailed = input, Task.isCancelled { (input, news) = (.stopping, nil) }
            }
            let output = supervisor.handle(input, at: clock.now(), jitter: jitter())
            if let news { await report(news) }
            // Whoever cancels wants to hear no more.
            if let health = output.healthChange, !Task.isCancelled { await report(.healthChanged(health)) }
        }
    }

    /// Waits; `false` if the task has been cancelled meanwhile.
    private func isReached(_ deadline: Instant) async -> Bool {
        do {
            if clock.now() < deadline { try await clock.sleep(until: deadline) }
        } catch {
            return false
        }
        return !Task.isCancelled
    }

    private func look() async -> (SourceSupervisor.Input, CallSourceReport) {
        let startedAt = clock.now()
        do throws(LookFailure) {
            let look = try await view.look()
            let isComplete = look.snapshot.isComplete
            return (
                isComplete ? .looked(startedAt: startedAt) : .lookIncomplete(startedAt: startedAt),
                .looked(look.snapshot, notices: look.notices)
            )
        } catch {
            return (.lookFailed(error.kind.fault, startedAt: startedAt), .lookFailed(error, at: clock.now()))
        }
    }
}
