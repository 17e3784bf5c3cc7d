import AsyncHTTPClient
import NIOSSL
import Synchronization

/// TLS settings as a key: equal for equal certificates, from whatever files.
struct TLSSettingsKey: Hashable {
    let settings: TLSConfiguration

    init(_ settings: TLSConfiguration) {
        self.settings = settings
    }

    static func == (left: TLSSettingsKey, right: TLSSettingsKey) -> Bool {
        left.settings.bestEffortEquals(right.settings)
    }

    func hash(into hasher: inout Hasher) {
        settings.bestEffortHash(into: &hasher)
    }
}

/// Contexts of BoringSSL, one for all who use the same settings: each holds all certificates that the system trusts.
enum TLSContexts {
    private struct Weak {
        weak var context: NIOSSLContext?
    }

    private static let contexts = Mutex<[TLSSettingsKey: Weak]>([:])

    static func context(_ settings: TLSConfiguration) throws -> NIOSSLContext {
        let key = TLSSettingsKey(settings)
        return try contexts.withLock { contexts in
            if let known = contexts[key]?.context { return known }
            contexts = contexts.filter { $0.value.context != nil }
            let context = try NIOSSLContext(configuration: settings)
            contexts[key] = Weak(context: context)
            return context
        }
    }
}

/// Clients of async-http-client, one for all transports that would make theirs alike: each has contexts of its own.
enum SharedHTTPClients {
    struct Settings: Hashable {
        let tls: TLSSettingsKey
        let connectTimeout: Duration
    }

    private static let clients = Mutex<[Settings: (client: HTTPClient, users: Int)]>([:])

    /// To be given back once.
    static func take(_ settings: Settings, else make: () -> HTTPClient) -> HTTPClient {
        clients.withLock { clients in
            let (client, users) = clients[settings] ?? (make(), 0)
            clients[settings] = (client, users + 1)
            return client
        }
    }

    /// - Returns: the client, if nobody uses it any more; to be shut down.
    static func giveBack(_ settings: Settings) -> HTTPClient? {
        clients.withLock { clients in
            guard let (client, users) = clients[settings] else { return nil }
            clients[settings] = users > 1 ? (client, users - 1) : nil
            return users > 1 ? nil : client
        }
    }
}
