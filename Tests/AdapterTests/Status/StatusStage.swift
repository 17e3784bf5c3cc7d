import Domain
import Logging
import Ports
import Synchronization
import Testing

@testable import Adapters

/// A status server on a free port, showing a scene that the test changes.
final class StatusStage: Sendable {
    static let token = "0123456789abcdef-token"

    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    let port: Int
    let access: StatusAccess
    private let scene: Mutex<StatusScene>

    private init(port: Int, access: StatusAccess, scene: StatusScene) {
        self.port = port
        self.access = access
        self.scene = Mutex(scene)
    }

    func update(_ change: @Sendable (inout StatusScene) -> Void) {
        scene.withLock { change(&$0) }
    }

    static func with(
        token: String? = nil, showsNumbers: Bool = false, mostListeners: Int = 32, mostConnections: Int = 128,
        limits: StatusConnectionHandler.Limits = .init(), log: Logger = StatusStage.silent,
        facts: (@Sendable () async -> StatusFacts)? = nil,
        _ body: (StatusStage) async throws -> Void
    ) async throws {
        let scene = StatusScene()
        let access = StatusAccess(token: token.map(Secret.init), port: 0)
        var settings = StatusServerSettings(
            address: StatusAddress(host: "127.0.0.1", port: 0), access: access, version: "1.2.3", instance: "test",
            privacy: StatusPrivacy(showsNumbers: showsNumbers))
        settings.mostListeners = mostListeners
        settings.mostConnections = mostConnections
        settings.limits = limits
        let stage = ObservedValue<StatusStage?>(nil)
        let server = StatusServer(settings, board: scene.board, clock: SystemClock(), log: log) {
            if let facts { return await facts() }
            return await stage.value?.scene.withLock { $0.facts } ?? scene.facts
        }
        let serving = Task {
            try await server.run { address in
                let started = StatusStage(port: address.port, access: access, scene: scene)
                await stage.update { $0 = started }
            }
        }
        let result: Result<Void, any Error>
        do {
            let started = try #require(try await stage.wait(for: "the status server") { $0 != nil })
            try await body(started)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        serving.cancel()
        _ = await serving.result
        try result.get()
    }

    func get(_ path: String, headers: [String] = []) async throws -> RawHTTP.Answer {
        try await RawHTTP.request("GET", path, headers: headers, port: port)
    }

    /// What a stream brings until it is enough.
    func stream(
        _ path: String, headers: [String] = [], until isEnough: @escaping @Sendable (String) -> Bool
    ) async throws -> String {
        let head = ["GET \(path) HTTP/1.1", "Host: localhost:\(port)"] + headers
        return try await RawHTTP.exchange(head.joined(separator: "\r\n") + "\r\n\r\n", port: port, until: isEnough)
    }
}
