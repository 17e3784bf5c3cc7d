import Foundation
import Ports
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One request of ``FoundationTransport``, as the delegate of its session. On Linux URLSession calls none of a task.
final class FoundationExchange: NSObject, URLSessionDataDelegate, Sendable {
    private let request: HTTPRequest
    private let origin: HTTPOrigin
    private let maximumBytes: Int
    private let body = Mutex<[UInt8]>([])
    /// The first result counts, whatever URLSession does later.
    let (results, finish) = AsyncStream<Result<HTTPResponse, HTTPFailure>>
        .makeStream(bufferingPolicy: .bufferingOldest(1))

    init(_ request: HTTPRequest, _ origin: HTTPOrigin, maximumBytes: Int) {
        (self.request, self.origin, self.maximumBytes) = (request, origin, maximumBytes)
    }

    func fail(_ kind: HTTPFailure.Kind, _ detail: String, requestMayHaveBeenSent: Bool = true) {
        finish.yield(.failure(HTTPFailure(kind, requestMayHaveBeenSent: requestMayHaveBeenSent, detail: detail)))
    }

    private func refuseLength() {
        fail(.bodyTooLarge, "answer of \(origin) is larger than \(maximumBytes) bytes")
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        if request.method != .head, response.expectedContentLength > Int64(maximumBytes) { refuseLength() }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let fits = body.withLock { body in
            guard body.count + data.count <= maximumBytes else { return false }
            body.append(contentsOf: data)
            return true
        }
        if !fits {
            refuseLength()
            dataTask.cancel()
        }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    /// A 401 is an answer. URLSession would keep it to itself where nobody has a password for it.
    func urlSession(
        _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
        completionHandler: @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
        answered(challenge.failureResponse)
        completionHandler(.cancelAuthenticationChallenge, nil)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if let error {
            failed(error as NSError, bytesSent: task.countOfBytesSent)
        } else {
            answered(task.response)
        }
    }

    private func answered(_ response: URLResponse?) {
        guard let response = response as? HTTPURLResponse else {
            return fail(.malformedResponse, "answer of \(origin) is not HTTP")
        }
        let body = body.withLock { $0 }
        finish.yield(.success(HTTPResponse(status: response.statusCode, headers: headers(of: response), body: body)))
    }

    /// URLSession has codes for a host that cannot be reached, and puts the rest into libcurl's words.
    private func failed(_ error: NSError, bytesSent: Int64) {
        let words = error.localizedDescription.withoutControlCharacters
        let kind: HTTPFailure.Kind =
            switch URLError.Code(rawValue: error.code) {
            case .badURL: .invalidURL
            case .unsupportedURL: .malformedResponse
            case .cannotFindHost: .resolution
            case .cannotConnectToHost: .refused
            case .timedOut: .timeout
            default: words.contains("SSL") || words.contains("certificate") ? .tls : .connectionLost
            }
        // libcurl takes a body only when it has a connection. Without one the code for a refused connection tells too
        // little: it may have been refused by the first of several addresses.
        let hasBody = request.body?.isEmpty == false
        let isUnsent = hasBody ? bytesSent == 0 : kind == .invalidURL || kind == .resolution
        fail(kind, "request to \(origin) failed: \(words)", requestMayHaveBeenSent: !isUnsent)
    }

    /// URLSession keeps neither order nor repetition: sorted by name, and cookies taken apart again.
    private func headers(of response: HTTPURLResponse) -> HTTPHeaders {
        var headers = HTTPHeaders()
        let named = response.allHeaderFields.compactMap { key, value in
            (key as? String).flatMap { name in (value as? String).map { (name, $0) } }
        }
        for (name, value) in named.sorted(by: { $0.0 < $1.0 }) {
            let isCookie = name.lowercased() == "set-cookie"
            for value in isCookie ? FoundationTransport.cookies(joined: value) : [value] { headers.add(name, value) }
        }
        return headers
    }
}
