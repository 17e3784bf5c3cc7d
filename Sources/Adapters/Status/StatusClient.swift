import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix
package import Ports

/// Asks a running bridge, as the commands `status` and `tap` do.
package struct StatusClient: Sendable {
    package enum Failure: Error, Equatable, Sendable {
        /// Nobody answers, or not in time.
        case unreachable(String)
        case tokenRefused
        /// Somebody else answers.
        case notABridge(String)
    }

    package enum Heard: Equatable, Sendable {
        case connected
        /// With the text as it came.
        case activity(StatusActivity, json: String)
        /// So many events came too fast.
        case missed(Int)
    }

    private static let timeout: TimeAmount = .seconds(10)
    private static let longestStatus = 8 << 20

    private let url: String
    private let token: Secret?

    /// - Parameter url: Scheme, host and port, without a slash at the end.
    package init(url: String, token: Secret?) {
        self.url = url
        self.token = token
    }

    /// What the bridge says of itself, and the JSON as it came.
    package func status() async throws(Failure) -> (BridgeStatus, json: String) {
        let text = try await exchange("/status") { body in
            String(buffer: try await body.collect(upTo: Self.longestStatus))
        }
        do {
            return (try JSONDecoder().decode(BridgeStatus.self, from: Data(text.utf8)), text)
        } catch {
            throw .notABridge("its answer is no status of this version")
        }
    }

    /// Hears what happens until the bridge ends, the calling task is cancelled, or `hear` says `false`.
    package func listen(_ hear: (Heard) -> Bool) async throws(Failure) {
        try await exchange("/activity") { body in
            guard hear(.connected) else { return }
            var parser = ServerSentEventParser()
            let decoder = JSONDecoder()
            for try await buffer in body {
                for event in try parser.feed(buffer.readableBytesView) {
                    switch event.name {
                    case "activity":
                        let activity = try decoder.decode(StatusActivity.self, from: Data(event.data.utf8))
                        guard hear(.activity(activity, json: event.data)) else { return }
                    case "missed":
                        let missed = try decoder.decode([String: Int].self, from: Data(event.data.utf8))
                        guard hear(.missed(missed["count"] ?? 0)) else { return }
                    default: break
                    }
                }
            }
        }
    }

    private func exchange<Value>(
        _ path: String, _ read: (HTTPClientResponse.Body) async throws -> Value
    ) async throws(Failure) -> Value {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            // The bridge says every 5 s that it is still there.
            timeout: .init(connect: .seconds(5), read: .seconds(20)))
        configuration.httpVersion = .http1Only
        configuration.guardAnswers()
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
        let result: Result<Value, Failure>
        do {
            var request = HTTPClientRequest(url: url + path)
            if let token { request.headers.add(name: "Authorization", value: "Bearer \(token.reveal())") }
            // The deadline is that of the head; a stream goes on.
            let response = try await client.execute(request, timeout: Self.timeout)
            switch response.status {
            case .ok: result = .success(try await read(response.body))
            case .unauthorized: result = .failure(.tokenRefused)
            case .tooManyRequests:
                result = .failure(.unreachable("too many wrong tokens came from here; try again in half a minute"))
            case .serviceUnavailable: result = .failure(.unreachable("too many pages and commands listen already"))
            default: result = .failure(.notABridge("it answers \(response.status.code)"))
            }
        } catch is DecodingError {
            result = .failure(.notABridge("its answer is not that of this version"))
        } catch {
            result = .failure(.unreachable(Self.words(error)))
        }
        do { try await client.shutdown() } catch { /* Nothing is kept in it. */  }
        return try result.get()
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError where error == .connectTimeout || error == .deadlineExceeded:
            "no answer in time"
        case is CancellationError: "cancelled"
        case let error as HTTPClientError: "\(error)"
        case is NIOConnectionError, is IOError: "nothing listens there"
        default: "\(error)"
        }
    }
}
