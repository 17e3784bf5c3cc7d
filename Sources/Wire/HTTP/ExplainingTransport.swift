import Synchronization

/// Says what is wrong with a certificate that is refused. The TLS library tells no more than that it is, so the server
/// is asked for it once more, at most once a minute.
final class ExplainingTransport: HTTPTransport {
    private struct Explained {
        var failure: HTTPFailure
        var at: ContinuousClock.Instant
    }

    private static let lifetime: Duration = .seconds(60)
    private static let mostOrigins = 8
    /// No request takes much longer for it than it may.
    private static let longestPoll: Duration = .seconds(2)

    private let base: any HTTPTransport
    private let caFile: String?
    private let known = Mutex<[HTTPOrigin: Explained]>([:])

    init(_ base: any HTTPTransport, caFile: String?) {
        self.base = base
        self.caFile = caFile
    }

    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let startedAt = ContinuousClock.now
        do {
            return try await base.send(request)
        } catch {
            guard NIOFailure.isOfCertificate(error), let origin = HTTPOrigin(request.url) else { throw error }
            throw await explained(error, origin, within: request.timeout - (ContinuousClock.now - startedAt))
        }
    }

    func shutdown() async {
        await base.shutdown()
    }

    private func explained(_ failure: HTTPFailure, _ origin: HTTPOrigin, within time: Duration) async -> HTTPFailure {
        let now = ContinuousClock.now
        let earlier = known.withLock { known in
            known = known.filter { now - $0.value.at < Self.lifetime }
            return known[origin]?.failure
        }
        if let earlier { return earlier }
        guard time > .zero, !Task.isCancelled else { return failure }
        let probe = ConnectionProbe(origin: origin, caFile: caFile, timeout: min(time, Self.longestPoll))
        let result = await probe.explained(failure, at: WallClock.ofProcess.now())
        guard let words = result.words, let fault = result.faults.first else { return failure }
        var explained = failure
        explained.detail = "TLS with \(origin) failed: \(words)"
        explained.ownRemedy = fault.remedy(origin, key: "tls_ca_file", setting: "the configuration")
        known.withLock { known in
            guard known.count < Self.mostOrigins else { return }
            known[origin] = Explained(failure: explained, at: now)
        }
        return explained
    }
}
