#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

import Domain
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
package import Ports

/// Serves the status page and what goes with it.
package struct StatusServer: Sendable {
    private let settings: StatusServerSettings
    private let routes: StatusRoutes

    /// A connection on which nothing is asked for.
    private static let idleTimeout: TimeAmount = .seconds(30)

    /// `facts`: asks the core, each time that somebody wants to know.
    package init(
        _ settings: StatusServerSettings, board: StatusBoard, clock: any Ports.Clock, log: Logger,
        facts: @escaping @Sendable () async -> StatusFacts
    ) {
        self.settings = settings
        let reader = StatusReader(
            board: board, facts: facts,
            settings: .init(version: settings.version, instance: settings.instance, privacy: settings.privacy),
            clock: clock)
        routes = StatusRoutes(settings: settings, board: board, reader: reader, clock: clock, log: log)
    }

    /// Serves until the calling task is cancelled. `onListening` gets the address with the port that was chosen.
    ///
    /// - Throws: when it cannot listen at the address.
    package func run(onListening: @escaping @Sendable (StatusAddress) async -> Void) async throws {
        let silent = Logger(label: "status") { _ in SwiftLogNoOpLogHandler() }
        let connections = StatusConnections(limit: settings.mostConnections)
        let application = Application(
            responder: CallbackResponder<StatusRequestContext> { [routes] request, context in
                try await routes.respond(to: request, on: context.channel)
            },
            server: HTTPServerBuilder { [settings] responder in
                let http = HTTP1Channel(
                    responder: responder,
                    configuration: .init(
                        idleTimeout: Self.idleTimeout,
                        httpDecoderConfiguration: .init(
                            maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 16 * 1024, maxHeaderFieldCount: 64)))
                return StatusChannel(base: http, connections: connections, limits: settings.limits)
            },
            configuration: .init(address: .hostname(settings.address.host, port: settings.address.port)),
            onServerRunning: { [settings] channel in
                let port = channel.localAddress?.port ?? settings.address.port
                await onListening(StatusAddress(host: settings.address.host, port: port))
            },
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton),
            logger: silent)
        try await application.run()
    }

    /// Why it could not listen, in the system's words.
    package static func reason(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        return String(cString: strerror(error.errnoCode))
    }
}

/// A request with the connection that it came on, which ends if its reader stops to read.
struct StatusRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}
