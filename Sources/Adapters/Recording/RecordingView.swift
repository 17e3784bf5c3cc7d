package import Domain
package import Ports

/// Tells the recorder which requests belong to one poll, and when it was taken.
package struct RecordingView: PhoneSystemView {
    private let base: any PhoneSystemView
    private let recorder: SessionRecorder

    package init(_ base: any PhoneSystemView, recorder: SessionRecorder) {
        self.base = base
        self.recorder = recorder
    }

    package var interface: PhoneSystemInterface {
        get async { await base.interface }
    }

    package var name: String {
        get async { await base.name }
    }

    package func poll() async throws(PollFailure) -> PollResult {
        let began = recorder.pollBegan()
        let result = await SessionRecorder.$poll.withValue(began.id) { await polled() }
        switch result {
        case .success(let polled):
            recorder.pollEnded(began, failure: nil)
            return polled
        case .failure(let failure):
            if failure.kind != .cancelled { recorder.pollEnded(began, failure: failure) }
            throw failure
        }
    }

    package func watchList() async -> WatchList? { await base.watchList() }

    package func facts() async -> PhoneSystemFacts { await base.facts() }

    package func drop(_ call: PBXCallID) async -> CallDropOutcome { await base.drop(call) }

    package func emails() async -> [String: String] { await base.emails() }

    package func watch(_ push: @escaping @Sendable (PhoneSystemPush) async -> Void) async {
        await base.watch(push)
    }

    private func polled() async -> Result<PollResult, PollFailure> {
        do throws(PollFailure) {
            return .success(try await base.poll())
        } catch {
            return .failure(error)
        }
    }
}
