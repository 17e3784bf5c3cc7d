import Ports
import Testing

@testable import Adapters

@Suite("The URLSession transport")
struct FoundationTransportTests {
    @Test(
        "is not made where libcurl would send its requests through a proxy",
        arguments: [
            (["http_proxy": "http://p:3128"], "http_proxy"), (["ALL_PROXY": "socks5://p"], "ALL_PROXY"),
            (["http_proxy": ""], nil), (["https_proxy": "http://p:3128", "PATH": "/bin"], nil),
        ]
    )
    func proxies(_ environment: [String: String], _ variable: String?) {
        #expect(FoundationTransport.proxyVariable(environment) == variable)
    }

    @Test("says what to do about a proxy")
    func proxyText() {
        let text = HTTPTransportSetupFailure(reason: .proxy(variable: "http_proxy")).description
        #expect(
            text == "http_client foundation cannot be used while http_proxy is set; "
                + "set http_client to nio, or unset the variable")
    }

    @Test("has a relay that serves nobody else")
    func strangers() async throws {
        try await ScriptedServer.run(script: { _, _ in [.answer()] }) { server in
            let ledger = LoopbackRelayLedger()
            let relays = try LoopbackRelays(settings: HTTPTransportSettings(), ledger: ledger)
            let port = try await relays.port(to: try #require(HTTPOrigin(server.url())))
            let known = ledger.open()
            try await TransportUnderTest(kind: .nio).run { transport in
                let url = "http://127.0.0.1:\(port)/"
                for ticket in [nil, "\(known)", "0-\(known)", ledger.ticket(known + 1)] {
                    var request = HTTPRequest(url: url)
                    if let ticket { request.headers.add(LoopbackRelayTarget.Header.ticket, ticket) }
                    #expect(await transport.failure(of: request)?.kind == .connectionLost)
                }
                #expect(server.connectionCount == 0)
                let request = HTTPRequest(
                    url: url,
                    headers: HTTPHeaders([
                        HTTPHeader(name: LoopbackRelayTarget.Header.ticket, value: ledger.ticket(known))
                    ])
                )
                let response = try await transport.send(request)
                #expect(response.headers.first(LoopbackRelayTarget.Header.status) == "200")
            }
            #expect(server.requests.map { $0.header(LoopbackRelayTarget.Header.ticket) } == [nil])
            await relays.close()
        }
    }
}
