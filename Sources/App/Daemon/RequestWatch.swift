import Adapters
import Domain
import Ports

/// Looks for what the operator asks for with `outbox`, and has the bridge do it.
struct RequestWatch: Sendable {
    let journal: any Journal
    let runner: BridgeRunner

    /// Until the task is cancelled, or the journal has failed.
    func run(every interval: Duration) async {
        let clock = SystemClock()
        while !Task.isCancelled {
            do {
                let requests = try await journal.openRequests()
                if !requests.isEmpty { await runner.carryOut(requests) }
                try await clock.sleep(until: clock.now() + interval)
            } catch let error as JournalFailure {
                return await runner.fail(error)
            } catch {
                return
            }
        }
    }
}
