import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the errors of SwiftNIO and of async-http-client mean for a request.
enum NIOFailure {
    private static let otherHost = "the certificate is not for this host name"
    private static let untrusted = "the certificate is not from a trusted CA"

    /// Whether the certificate was found wrong, and not the connection.
    static func isOfCertificate(_ failure: HTTPFailure) -> Bool {
        failure.kind == .tls && (isOfName(failure) || failure.detail.hasSuffix(untrusted))
    }

    /// Whether nothing but the name was found wrong with the certificate.
    static func isOfName(_ failure: HTTPFailure) -> Bool { failure.detail.hasSuffix(otherHost) }

    /// - Parameter requestStarted: whether any of the request may have been handed to a connection, for the errors
    ///   which do not tell that by themselves.
    static func failure(for error: any Error, origin: HTTPOrigin, requestStarted: Bool) -> HTTPFailure {
        switch error {
        case let error as HTTPFailure: error
        case let error as HTTPClientError: clientFailure(error, origin, requestStarted)
        case let error as NIOConnectionError: connectionFailure(error, origin)
        case ChannelError.connectTimeout: connectTimeout(origin)
        case let error as ChannelError: lost(origin, "\(error)", requestStarted)
        case let error as NIOSSLError: tlsFailure(error, origin, requestStarted)
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            unsentTLS(origin, otherHost)
        case let error as NIOSSLExtraError: unsentTLS(origin, "\(error)")
        case let error as BoringSSLError: lost(origin, "TLS: \(names(error))", requestStarted)
        case HTTPParserError.invalidEOFState: lost(origin, "closed in the middle of the answer", true)
        case let error as HTTPParserError: malformed(origin, "\(error)")
        case let error as IOError: ioFailure(error, origin, requestStarted)
        case is CancellationError:
            HTTPFailure(.cancelled, requestMayHaveBeenSent: requestStarted, detail: "request to \(origin) cancelled")
        default:
            HTTPFailure(.other, requestMayHaveBeenSent: true, detail: "\(origin): \(type(of: error))")
        }
    }

    static func connectTimeout(_ origin: HTTPOrigin) -> HTTPFailure {
        HTTPFailure(.connectTimeout, requestMayHaveBeenSent: false, detail: "no connection to \(origin) in time")
    }

    /// The request ended with the client, or came after its end.
    static func clientClosed(_ origin: HTTPOrigin, requestMayHaveBeenSent: Bool) -> HTTPFailure {
        HTTPFailure(
            .cancelled, requestMayHaveBeenSent: requestMayHaveBeenSent,
            detail: "request to \(origin) ended because the client was closed")
    }

    private static func clientFailure(
        _ error: HTTPClientError,
        _ origin: HTTPOrigin,
        _ requestStarted: Bool
    ) -> HTTPFailure {
        switch error {
        case .connectTimeout:
            return connectTimeout(origin)
        case .tlsHandshakeTimeout:
            return HTTPFailure(
                .connectTimeout,
                requestMayHaveBeenSent: false,
                detail: "no TLS session with \(origin) in time"
            )
        case .getConnectionFromPoolTimeout:
            return HTTPFailure(
                .connectTimeout,
                requestMayHaveBeenSent: false,
                detail: "no free connection to \(origin) in time"
            )
        case .deadlineExceeded, .readTimeout, .writeTimeout:
            return HTTPFailure(
                .timeout,
                requestMayHaveBeenSent: requestStarted,
                detail: "no complete answer from \(origin) in time"
            )
        case .remoteConnectionClosed:
            return lost(origin, "closed before the answer was complete", requestStarted)
        case .cancelled, .alreadyShutdown:
            return clientClosed(origin, requestMayHaveBeenSent: error == .cancelled && requestStarted)
        case .invalidURL, .emptyHost, .emptyScheme:
            return HTTPFailure(.invalidURL, requestMayHaveBeenSent: false, detail: "\(origin): unusable URL")
        default:
            return HTTPFailure(
                .other,
                requestMayHaveBeenSent: true,
                detail: "\(origin): \(error.shortDescription)"
            )
        }
    }

    private static func connectionFailure(_ error: NIOConnectionError, _ origin: HTTPOrigin) -> HTTPFailure {
        guard let first = error.connectionErrors.first else {
            // Without a descriptor nothing can be asked of DNS either.
            if isOutOfDescriptors { return noDescriptors(origin) }
            return HTTPFailure(
                .resolution,
                requestMayHaveBeenSent: false,
                detail: "host name of \(origin) cannot be resolved"
            )
        }
        if error.connectionErrors.contains(where: { ($0.error as? IOError)?.errnoCode == ECONNREFUSED }) {
            return refused(origin, "refused")
        }
        if error.connectionErrors.contains(where: { isDescriptorLimit($0.error) }) { return noDescriptors(origin) }
        if error.connectionErrors.contains(where: { isConnectTimeout($0.error) }) {
            return connectTimeout(origin)
        }
        return refused(origin, reason(first.error))
    }

    private static func isConnectTimeout(_ error: any Error) -> Bool {
        if case ChannelError.connectTimeout = error { return true }
        return false
    }

    private static func isDescriptorLimit(_ error: any Error) -> Bool {
        let code = (error as? IOError)?.errnoCode
        return code == EMFILE || code == ENFILE
    }

    /// Whether this process can open nothing more just now.
    private static var isOutOfDescriptors: Bool {
        let descriptor = dup(STDIN_FILENO)
        guard descriptor < 0 else {
            close(descriptor)
            return false
        }
        return errno == EMFILE || errno == ENFILE
    }

    private static func noDescriptors(_ origin: HTTPOrigin) -> HTTPFailure {
        HTTPFailure(
            .noDescriptors, requestMayHaveBeenSent: false,
            detail: "no connection to \(origin): this process may open no more files and connections")
    }

    private static func ioFailure(_ error: IOError, _ origin: HTTPOrigin, _ requestStarted: Bool) -> HTTPFailure {
        switch error.errnoCode {
        case ECONNREFUSED: refused(origin, "refused")
        case EMFILE, ENFILE: noDescriptors(origin)
        case EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL: refused(origin, reason(error))
        default: lost(origin, reason(error), requestStarted)
        }
    }

    private static func tlsFailure(_ error: NIOSSLError, _ origin: HTTPOrigin, _ requestStarted: Bool) -> HTTPFailure {
        switch error {
        case .handshakeFailed(let cause):
            unsentTLS(origin, handshakeReason(cause))
        case .noCertificateToValidate, .unableToValidateCertificate, .cannotFindPeerIP:
            unsentTLS(origin, "the certificate cannot be verified")
        case .uncleanShutdown:
            lost(origin, "closed without the end of the TLS session", requestStarted)
        case .shutdownFailed(let cause): brokenTLS(origin, names(cause), requestStarted)
        default: brokenTLS(origin, "\(error)", requestStarted)
        }
    }

    private static func handshakeReason(_ cause: BoringSSLError) -> String {
        let names = names(cause)
        return names.contains("CERTIFICATE_VERIFY_FAILED") ? untrusted : names
    }

    /// BoringSSL's names for what went wrong, without the places in its sources that it tells with them.
    private static func names(_ error: BoringSSLError) -> String {
        switch error {
        case .sslError(let stack), .unknownError(let stack), .invalidSNIName(let stack), .failedToSetALPN(let stack):
            // Error: 268435703 error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER at FILE:LINE
            let names = stack.map {
                "\($0)".replacing(/^Error: \d* (.*OPENSSL_internal:)?| at .+:\d+$/, with: "")
            }
            return names.isEmpty ? "\(error)" : names.joined(separator: ", ")
        default: return "\(error)"
        }
    }

    private static func unsentTLS(_ origin: HTTPOrigin, _ reason: String) -> HTTPFailure {
        brokenTLS(origin, reason, false)
    }

    private static func brokenTLS(_ origin: HTTPOrigin, _ reason: String, _ requestStarted: Bool) -> HTTPFailure {
        HTTPFailure(
            .tls, requestMayHaveBeenSent: requestStarted, detail: "TLS with \(origin) failed: \(reason)")
    }

    private static func refused(_ origin: HTTPOrigin, _ reason: String) -> HTTPFailure {
        HTTPFailure(.refused, requestMayHaveBeenSent: false, detail: "connection to \(origin) failed: \(reason)")
    }

    private static func lost(_ origin: HTTPOrigin, _ reason: String, _ requestStarted: Bool) -> HTTPFailure {
        HTTPFailure(
            .connectionLost,
            requestMayHaveBeenSent: requestStarted,
            detail: "connection to \(origin) lost: \(reason)"
        )
    }

    private static func malformed(_ origin: HTTPOrigin, _ reason: String) -> HTTPFailure {
        HTTPFailure(
            .malformedResponse,
            requestMayHaveBeenSent: true,
            detail: "answer of \(origin) is not HTTP: \(reason)"
        )
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "\(type(of: error))" }
        return switch error.errnoCode {
        case ECONNRESET: "reset by the server"
        case EPIPE: "closed by the server"
        case EHOSTUNREACH: "no route to the host"
        case ENETUNREACH: "no route to the network"
        default: "error \(error.errnoCode)"
        }
    }
}
