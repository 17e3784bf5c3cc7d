import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The delegate of a session that several requests share: on Linux URLSession calls the delegate of the session only,
/// not that of a task, so this passes each call on to the exchange of its task.
final class FoundationExchanges: NSObject, URLSessionDataDelegate, Sendable {
    /// `nil` once the client is closed.
    private let byTask = Mutex<[Int: FoundationExchange]?>([:])

    /// The task that `make` makes for an exchange; `nil` once the client is closed: a session traps when it is to make a task after its
    /// end, and nobody would end a request that begins then.
    func begin(_ exchange: FoundationExchange, _ make: () -> URLSessionDataTask) -> URLSessionDataTask? {
        byTask.withLock { exchanges in
            guard exchanges != nil else { return nil }
            let task = make()
            exchanges?[task.taskIdentifier] = exchange
            return task
        }
    }

    func remove(_ task: URLSessionTask) {
        byTask.withLock { _ = $0?.removeValue(forKey: task.taskIdentifier) }
    }

    /// Ends all requests under way as a closed client does. None begins from then on.
    func endAll() {
        let all = byTask.withLock { exchanges in
            defer { exchanges = nil }
            return exchanges?.values.map { $0 } ?? []
        }
        for exchange in all { exchange.clientClosed() }
    }

    private func exchange(of task: URLSessionTask) -> FoundationExchange? {
        byTask.withLock { $0?[task.taskIdentifier] }
    }

    func urlSession(
        _ session: URLSession,
        dataTask: URLSessionDataTask,
        didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        exchange(of: dataTask)?.received(response, of: dataTask)
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        exchange(of: dataTask)?.received(data, of: dataTask)
    }

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        exchange(of: task)?.completed(task, with: error)
    }
}
