import Adapters
import Domain
import Logging

/// Keeps the service manager informed, if there is one: ready, alive, one sentence about how things are.
actor ServiceReporter {
    private let notifier: ServiceNotifier?
    private let log: Logger
    private let clock = SystemClock()
    private var sentence: String?
    private var hasFailed = false

    init(_ notifier: ServiceNotifier?, log: Logger) {
        self.notifier = notifier
        self.log = log
    }

    /// Says that the service runs, and then how it is, until the task is cancelled. A core that does not answer to
    /// `pulse` gives no sign of life, so that the manager starts the service again.
    func run(_ pulse: @Sendable () async -> BridgeStanding) async {
        guard let notifier else { return await Task.untilCancelled() }
        let watchdogPeriod = notifier.watchdogPeriod
        let pause = watchdogPeriod.map { min($0 / 2, Self.longestPause) } ?? Self.longestPause
        tell([.ready])
        while !Task.isCancelled {
            let standing = await pulse()
            guard !Task.isCancelled else { return }
            tell(news(standing.sentence) + (watchdogPeriod == nil ? [] : [.watchdog]))
            do { try await clock.sleep(until: clock.now() + pause) } catch { return }
        }
    }

    func beginReload() {
        tell([.reloading(monotonic: ServiceNotifier.monotonicMicroseconds())])
    }

    func endReload() {
        tell([.ready])
    }

    func stopping() {
        tell([.stopping])
    }

    /// How old the sentence may become.
    private static let longestPause: Duration = .seconds(1)

    private func news(_ sentence: String) -> [ServiceState] {
        guard sentence != self.sentence else { return [] }
        self.sentence = sentence
        return [.status(sentence)]
    }

    private func tell(_ states: [ServiceState]) {
        guard let notifier else { return }
        do {
            try notifier.tell(states)
            hasFailed = false
        } catch {
            // Once is enough: without signs of life the manager itself says the rest.
            if !hasFailed { log.warning("\(error)") }
            hasFailed = true
        }
    }
}
