package import Domain
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Synchronization

/// Opens a connection as the transports do and closes it without a request: tells where an address leads, and what is
/// wrong with the certificate there.
package struct ConnectionProbe: Sendable {
    package struct Connection: Equatable, Sendable {
        package var address: String
        /// `nil` without TLS.
        package var tls: Session?

        package struct Session: Equatable, Sendable {
            /// `1.3`
            package var version: String
            package var certificate: PeerCertificate
        }
    }

    package struct Failure: Error, Equatable, Sendable {
        package var http: HTTPFailure
        /// What the certificate is; `nil` if it is not what failed.
        package var certificate: PeerCertificate?
        package var faults: [CertificateFault] = []

        /// What is wrong with the certificate; `nil` if it is not what failed.
        package var words: String? {
            guard !faults.isEmpty else { return nil }
            let subject = certificate?.subject ?? ""
            return "the certificate\(subject.isEmpty ? "" : " of \(subject)") is not trusted: "
                + faults.map(\.text).joined(separator: "; ")
        }
    }

    package let origin: HTTPOrigin
    package let caFile: String?
    package let timeout: Duration

    package init(origin: HTTPOrigin, caFile: String?, timeout: Duration = .seconds(5)) {
        self.origin = origin
        self.caFile = caFile
        self.timeout = timeout
    }

    package func run(at now: Instant) async throws(Failure) -> Connection {
        guard origin.isSecure else { return Connection(address: try await reach(nil).address) }
        let context = try context()
        do throws(Failure) {
            let (address, session) = try await reach(Handshake(context: context))
            return Connection(address: address, tls: session)
        } catch {
            guard error.http.kind == .tls else { throw error }
            throw await explained(error.http, context, now)
        }
    }

    /// What is wrong with the certificate that made a request fail, if it still is.
    package func explained(_ failure: HTTPFailure, at now: Instant) async -> Failure {
        do throws(Failure) {
            let context = try context()
            return await explained(failure, context, now)
        } catch {
            return Failure(http: failure)
        }
    }

    private func context() throws(Failure) -> NIOSSLContext {
        do {
            return try NIOSSLContext(configuration: TrustRoots.clientConfiguration(caFile: caFile))
        } catch {
            throw Failure(
                http: HTTPFailure(.other, requestMayHaveBeenSent: false, detail: "TLS cannot be set up: \(error)"))
        }
    }

    /// Asks again for the certificates alone, and looks what is wrong with them. This connection is refused too, in
    /// every case.
    private func explained(_ failure: HTTPFailure, _ context: NIOSSLContext, _ now: Instant) async -> Failure {
        let handshake = Handshake(context: context, keepsChain: true)
        do throws(Failure) {
            _ = try await reach(handshake)
        } catch {
            // It was refused on purpose.
        }
        let chain = handshake.chain.withLock { $0 }
        guard let leaf = chain.first else { return Failure(http: failure) }
        let faults = CertificateFault.all(
            in: chain, of: origin.host, isOnlyTheName: NIOFailure.isOfName(failure),
            trustsAnybody: caFile != nil || SystemAuthorities().exist, at: now)
        return Failure(http: failure, certificate: leaf, faults: faults)
    }

    private func reach(
        _ handshake: Handshake?
    ) async throws(Failure) -> (address: String, session: Connection.Session?) {
        do {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(TimeAmount(clamping: timeout))
                .connect(host: origin.host, port: origin.effectivePort).get()
            let address = channel.remoteAddress?.ipAddress ?? origin.host
            do {
                let session = try await handshake?.run(on: channel, origin, timeout)
                channel.close(promise: nil)
                return (address, session)
            } catch {
                channel.close(promise: nil)
                throw error
            }
        } catch {
            throw Failure(http: NIOFailure.failure(for: error, origin: origin, requestStarted: false))
        }
    }

    /// The TLS handshake on one connection.
    private final class Handshake: Sendable {
        private let context: NIOSSLContext
        private let keepsChain: Bool
        /// What the server sent, if it is kept: the handshake is then refused.
        let chain = Mutex<[PeerCertificate]>([])

        init(context: NIOSSLContext, keepsChain: Bool = false) {
            self.context = context
            self.keepsChain = keepsChain
        }

        func run(
            on channel: any Channel, _ origin: HTTPOrigin, _ timeout: Duration
        ) async throws -> Connection.Session? {
            let completed = channel.eventLoop.makePromise(of: Connection.Session?.self)
            let name = origin.host.isIPAddress ? nil : origin.host
            let limit = channel.eventLoop.scheduleTask(in: TimeAmount(clamping: timeout)) {
                completed.fail(
                    HTTPFailure(
                        .connectTimeout, requestMayHaveBeenSent: false, detail: "no TLS session with \(origin) in time")
                )
            }
            channel.eventLoop.execute { [context, keepsChain] in
                do {
                    let handler =
                        keepsChain
                        ? try NIOSSLClientHandler(context: context, serverHostname: name) { certificates, verdict in
                            let kept = certificates.prefix(10).map { PeerCertificate($0) }
                            self.chain.withLock { $0 = kept }
                            verdict.succeed(NIOSSLVerificationResult.failed)
                        } : try NIOSSLClientHandler(context: context, serverHostname: name)
                    try channel.pipeline.syncOperations.addHandlers([handler, HandshakeObserver(completed)])
                } catch {
                    completed.fail(error)
                }
            }
            defer { limit.cancel() }
            return try await completed.futureResult.get()
        }
    }
}

/// Waits for the end of a handshake.
private final class HandshakeObserver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let completed: EventLoopPromise<ConnectionProbe.Connection.Session?>

    init(_ completed: EventLoopPromise<ConnectionProbe.Connection.Session?>) {
        self.completed = completed
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted? = event as? TLSUserEvent else { return }
        do {
            let handler = try context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
            let certificate = handler.peerCertificate.map { PeerCertificate($0) }
            completed.succeed(
                certificate.map { .init(version: Self.text(handler.tlsVersion), certificate: $0) })
        } catch {
            completed.fail(error)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        completed.fail(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        completed.fail(ChannelError.eof)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        completed.fail(ChannelError.alreadyClosed)
    }

    private static func text(_ version: TLSVersion?) -> String {
        switch version {
        case .tlsv13?: "1.3"
        case .tlsv12?: "1.2"
        default: "of an old version"
        }
    }
}
