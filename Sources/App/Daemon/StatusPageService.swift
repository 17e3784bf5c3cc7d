import Adapters
import Domain
import Logging
import Ports

/// The status page beside the bridge. Whatever becomes of it, calls are reported.
struct StatusPageService: Sendable {
    enum News: Sendable {
        case listening(StatusAddress)
        /// Its address cannot be used, for this reason.
        case failed(StatusAddress, String)
    }

    let configuration: BridgeConfiguration
    let access: StatusAccess
    let board: StatusBoard
    let log: Logger
    let showsNumbers: Bool

    /// Serves until the calling task is cancelled; returns at once if there is to be no page, or if there can be none.
    func run(
        onNews: @escaping @Sendable (News) -> Void, facts: @escaping @Sendable () async -> StatusFacts
    ) async {
        guard let address = StatusAddress(configuration.bridge.statusListen) else { return }
        let instances = configuration.phoneSystems.map { configuration.alone(with: $0).bridge.instance }
        let settings = StatusServerSettings(
            address: address, access: access, version: ProgramVersion.number,
            instance: instances.joined(separator: ", "), privacy: StatusPrivacy(showsNumbers: showsNumbers))
        let server = StatusServer(settings, board: board, clock: SystemClock(), log: log, facts: facts)
        do {
            try await server.run { address in
                log.info("the status page is up", metadata: ["url": "\(address.url)/"])
                onNews(.listening(address))
            }
        } catch {
            guard !Task.isCancelled else { return }
            log.warning(
                "there is no status page: its address cannot be used; calls are reported all the same",
                metadata: [
                    "address": "\(address)", "reason": "\(StatusServer.reason(error))",
                    "remedy":
                        "set Bridge.status_listen to another address, or to \"\" for none, and restart the bridge",
                ])
            onNews(.failed(address, StatusServer.reason(error)))
        }
    }
}
