import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The delegate of a session that several requests share: on Linux URLSession calls the delegate of the session only,
/// not that of a task, so this passes each call on to the exchange of its task.
final class FoundationExchanges: NSObject, URLSessionDataDelegate, Sendable {
    private let byTask = Mutex<[Int: FoundationExchange]>([:])

    func add(_ exchange: FoundationExchange, of task: URLSessionTask) {
        byTask.withLock { $0[task.taskIdentifier] = exchange }
    }

    func remove(_ task: URLSessionTask) {
        byTask.withLock { _ = $0.removeValue(forKey: task.taskIdentifier) }
    }

    /// Ends all requests under way as a closed client does.
    func endAll() {
        let all = byTask.withLock { Array($0.values) }
        for exchange in all { exchange.clientClosed() }
    }

    private func exchange(of task: URLSessionTask) -> FoundationExchange? {
        byTask.withLock { $0[task.taskIdentifier] }
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
