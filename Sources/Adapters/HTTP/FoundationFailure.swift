import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// What URLSession's errors mean for a request.
///
/// On Linux many of libcurl's errors arrive as `unknown`, and every error after a failed first connection attempt (`::1`
/// before `127.0.0.1`) as `cannotConnectToHost`, so libcurl's text decides where the code could mislead.
enum FoundationFailure {
    static func failure(for error: any Error, origin: HTTPOrigin, requestStarted: Bool) -> HTTPFailure {
        let error = error as NSError
        let text = error.userInfo[NSLocalizedDescriptionKey] as? String ?? ""
        if let failure = failure(ofText: text, origin) { return failure }
        let kind: HTTPFailure.Kind
        let what: String
        switch error.domain == NSURLErrorDomain ? error.code : NSURLErrorUnknown {
        case NSURLErrorTimedOut:
            (kind, what) = (.timeout, "no complete answer in time")
        case NSURLErrorCancelled:
            (kind, what) = (.cancelled, "request cancelled")
        case NSURLErrorBadURL, NSURLErrorUnsupportedURL:
            return HTTPFailure(.invalidURL, requestMayHaveBeenSent: false, detail: "\(origin): unusable URL")
        case NSURLErrorCannotFindHost, NSURLErrorDNSLookupFailed:
            return resolution(origin)
        default:
            (kind, what) = (.connectionLost, "lost before the answer was complete (URL error \(error.code))")
        }
        return HTTPFailure(kind, requestMayHaveBeenSent: requestStarted, detail: "\(origin): \(what)")
    }

    static func timeout(_ origin: HTTPOrigin) -> HTTPFailure {
        HTTPFailure(.timeout, requestMayHaveBeenSent: true, detail: "no complete answer from \(origin) in time")
    }

    /// The beginnings are those of libcurl 7.64 to 8.x (lib/connect.c, lib/http.c, lib/vtls/openssl.c).
    private static func failure(ofText text: String, _ origin: HTTPOrigin) -> HTTPFailure? {
        func begins(_ beginnings: String...) -> Bool { beginnings.contains { text.hasPrefix($0) } }
        if begins("Could not resolve host", "Couldn't resolve host") { return resolution(origin) }
        if begins("Failed to connect to", "Couldn't connect to server", "connect to ") {
            return HTTPFailure(.refused, requestMayHaveBeenSent: false, detail: "connection to \(origin) refused")
        }
        if begins("SSL certificate problem", "SSL: ", "OpenSSL SSL_connect", "TLS connect error") {
            return HTTPFailure(
                .tls,
                requestMayHaveBeenSent: false,
                detail: "TLS with \(origin) failed: \(text.prefix(200))"
            )
        }
        let malformed = [
            "Received HTTP/0.9", "Unsupported HTTP", "Failed writing header", "Invalid status line",
            "Invalid Content-Length",
            "Header without colon", "Failed reading the chunked-encoded stream", "Nul byte in header",
            "Illegal or missing hexadecimal", "Malformed encoding found", "Invalid response header",
        ]
        if malformed.contains(where: text.hasPrefix) {
            return HTTPFailure(
                .malformedResponse,
                requestMayHaveBeenSent: true,
                detail: "answer of \(origin) is not HTTP: \(text.prefix(200))"
            )
        }
        return nil
    }

    private static func resolution(_ origin: HTTPOrigin) -> HTTPFailure {
        HTTPFailure(.resolution, requestMayHaveBeenSent: false, detail: "host name of \(origin) cannot be resolved")
    }
}
