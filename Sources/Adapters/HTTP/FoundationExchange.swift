import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One URLSession task: collects the answer within its limit and ends exactly once, whatever URLSession does later.
final class FoundationExchange: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Result<HTTPResponse, HTTPFailure>, Never>?
        var result: Result<HTTPResponse, HTTPFailure>?
        var body: [UInt8] = []
    }

    private let state = Mutex(State())
    private let request: HTTPRequest
    private let origin: HTTPOrigin
    private let settings: HTTPTransportSettings
    private let ledger: LoopbackRelayLedger
    private let number: Int

    init(
        request: HTTPRequest,
        origin: HTTPOrigin,
        settings: HTTPTransportSettings,
        ledger: LoopbackRelayLedger,
        number: Int
    ) {
        self.request = request
        self.origin = origin
        self.settings = settings
        self.ledger = ledger
        self.number = number
    }

    func run(_ task: URLSessionDataTask) async throws(HTTPFailure) -> HTTPResponse {
        // URLSession's own timeouts are whole seconds and begin anew with every byte.
        let watchdog = Task { await self.watch(task) }
        defer { watchdog.cancel() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let early = state.withLock { state in
                    if state.result == nil { state.continuation = continuation }
                    return state.result
                }
                if let early {
                    continuation.resume(returning: early)
                } else {
                    task.resume()
                }
            }
        } onCancel: {
            finish(.failure(failure(.cancelled, "request to \(origin) cancelled")), cancelling: task)
        }
        return try result.get()
    }

    func clientClosed() {
        finish(
            .failure(
                NIOFailure.clientClosed(origin, requestMayHaveBeenSent: ledger.abandonUnlessStarted(number))))
    }

    private func watch(_ task: URLSessionDataTask) async {
        do {
            if settings.connectTimeout < request.timeout {
                try await Task.sleep(for: settings.connectTimeout)
                guard ledger.abandonUnlessStarted(number) else {
                    return finish(.failure(NIOFailure.connectTimeout(origin)), cancelling: task)
                }
                try await Task.sleep(for: request.timeout - settings.connectTimeout)
            } else {
                try await Task.sleep(for: request.timeout)
            }
        } catch {
            return
        }
        let late =
            ledger.abandonUnlessStarted(number)
            ? failure(.timeout, "no complete answer from \(origin) in time")
            : NIOFailure.connectTimeout(origin)
        finish(.failure(late), cancelling: task)
    }

    private func failure(_ kind: HTTPFailure.Kind, _ detail: String) -> HTTPFailure {
        HTTPFailure(kind, requestMayHaveBeenSent: ledger.abandonUnlessStarted(number), detail: detail)
    }

    private func finish(_ result: Result<HTTPResponse, HTTPFailure>, cancelling task: URLSessionTask? = nil) {
        let (isFirst, continuation) = state.withLock { state in
            guard state.result == nil else {
                return (false, CheckedContinuation<Result<HTTPResponse, HTTPFailure>, Never>?.none)
            }
            state.result = result
            state.body = []
            defer { state.continuation = nil }
            return (true, state.continuation)
        }
        if isFirst { task?.cancel() }
        continuation?.resume(returning: result)
    }

    private var tooLarge: HTTPFailure {
        failure(.bodyTooLarge, "answer of \(origin) is larger than \(settings.maximumBodyBytes) bytes")
    }

    // MARK: What URLSession reports

    func received(_ response: URLResponse, of task: URLSessionTask) {
        // On Linux the delegate's wish to end the task here is ignored, so `finish` cancels it.
        if request.method != .head, response.expectedContentLength > Int64(settings.maximumBodyBytes) {
            finish(.failure(tooLarge), cancelling: task)
        }
    }

    func received(_ data: Data, of task: URLSessionTask) {
        let fits = state.withLock { state in
            guard state.result == nil else { return true }
            guard state.body.count + data.count <= settings.maximumBodyBytes else { return false }
            state.body.append(contentsOf: data)
            return true
        }
        if !fits { finish(.failure(tooLarge), cancelling: task) }
    }

    func completed(_ task: URLSessionTask, with error: (any Error)?) {
        if let failure = ledger.failure(number) {
            finish(.failure(failure))
        } else if let error {
            let isTimeout = (error as? URLError)?.code == .timedOut
            let reason = "connection to \(origin) lost (URL error \((error as NSError).code))"
            finish(.failure(failure(isTimeout ? .timeout : .connectionLost, reason)))
        } else if let response = task.response as? HTTPURLResponse,
            let status = response.value(forHTTPHeaderField: LoopbackRelayTarget.Header.status).flatMap({ Int($0) })
        {
            let body = state.withLock { $0.body }
            finish(.success(HTTPResponse(status: status, headers: headers(of: response), body: body)))
        } else {
            finish(.failure(failure(.other, "the relay to \(origin) gave no status")))
        }
    }

    /// URLSession keeps neither order nor repetition: sorted by name, and cookies taken apart again.
    private func headers(of response: HTTPURLResponse) -> HTTPHeaders {
        var headers = HTTPHeaders()
        let named = response.allHeaderFields.compactMap { key, value in
            (key as? String).flatMap { name in (value as? String).map { (name, $0) } }
        }
        for (name, value) in named.sorted(by: { $0.0 < $1.0 })
        where name.lowercased() != LoopbackRelayTarget.Header.status.lowercased() {
            let values = name.lowercased() == "set-cookie" ? JoinedHeaders.cookies(value) : [value]
            for value in values { headers.add(name, value) }
        }
        return headers
    }
}
