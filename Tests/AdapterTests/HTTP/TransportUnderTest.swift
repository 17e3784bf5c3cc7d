import Testing

@testable import Wire

/// Makes the transport, hands it to a test and closes it in every case.
enum TransportUnderTest {
    static func run<Result>(
        _ settings: HTTPTransportSettings = HTTPTransportSettings(),
        _ body: (any HTTPTransport) async throws -> Result
    ) async throws -> Result {
        let transport = try HTTPTransports.make(settings)
        do {
            let result = try await body(transport)
            await transport.shutdown()
            return result
        } catch {
            await transport.shutdown()
            throw error
        }
    }
}

extension HTTPTransport {
    /// The failure of a request that must fail.
    func failure(of request: HTTPRequest, sourceLocation: SourceLocation = #_sourceLocation) async -> HTTPFailure? {
        do {
            let response = try await send(request)
            Issue.record("answered with \(response.status) instead of failing", sourceLocation: sourceLocation)
            return nil
        } catch {
            return error
        }
    }
}
