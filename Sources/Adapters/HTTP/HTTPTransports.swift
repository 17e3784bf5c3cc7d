package import Ports

package enum HTTPTransports {
    /// The client that `Bridge.http_client` names.
    package static func make(
        _ kind: BridgeConfiguration.HTTPClientKind,
        settings: HTTPTransportSettings
    ) throws(HTTPTransportSetupFailure) -> any HTTPTransport {
        let transport: any HTTPTransport =
            switch kind {
            case .nio: try AsyncHTTPClientTransport(settings: settings)
            case .foundation: try FoundationTransport(settings: settings)
            }
        return ExplainingTransport(transport, caFile: settings.tlsCAFile)
    }
}
