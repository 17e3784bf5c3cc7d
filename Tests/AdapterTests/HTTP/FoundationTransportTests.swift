import Ports
import Testing

@testable import Adapters

@Suite("The URLSession transport", .timeLimit(.minutes(1)))
struct FoundationTransportTests {
    @Test(
        "is not made where libcurl would send its requests through a proxy",
        arguments: [
            (["http_proxy": "http://p:3128"], "http_proxy"), (["ALL_PROXY": "socks5://p"], "ALL_PROXY"),
            (["https_proxy": "http://p:3128", "PATH": "/bin"], "https_proxy"), (["http_proxy": ""], nil), ([:], nil),
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

    @Test("is not made with a CA file, which it would not use")
    func authorities() {
        let failure = #expect(throws: HTTPTransportSetupFailure.self) {
            try HTTPTransports.make(.foundation, settings: HTTPTransportSettings(tlsCAFile: "/etc/ca.pem"))
        }
        #expect(
            failure?.description == "http_client foundation cannot be used with tls_ca_file /etc/ca.pem: it trusts the "
                + "system's CAs alone; set http_client to nio, or add the CA to those of the system and remove "
                + "tls_ca_file")
    }

    @Test(
        "takes joined cookies apart at the commas between cookies only",
        arguments: [
            ("a=1", ["a=1"]),
            ("a=1, b=2", ["a=1", "b=2"]),
            ("a=1,b=2", ["a=1", "b=2"]),
            ("a=1; Expires=Wed, 21 Oct 2037 07:28:00 GMT, b=2", ["a=1; Expires=Wed, 21 Oct 2037 07:28:00 GMT", "b=2"]),
            ("a=x,y; Path=/, b=", ["a=x,y; Path=/", "b="]),
            ("", []), (",", [","]), (", , =", [", , ="]), ("a=1,", ["a=1,"]),
        ]
    )
    func cookies(_ joined: String, _ expected: [String]) {
        #expect(FoundationTransport.cookies(joined: joined) == expected)
    }

    @Test("gives up at its timeout on a host that takes no connection, and does not know whether the request was sent")
    func blackHole() async throws {
        try await LoopbackPort.withFullBacklog { port in
            try await TransportUnderTest(kind: .foundation).run { transport in
                let request = HTTPRequest(
                    method: .post, url: "http://127.0.0.1:\(port)/", body: [1], timeout: .milliseconds(300))
                let failure = try #require(await transport.failure(of: request))
                #expect(failure.kind == .timeout && failure.requestMayHaveBeenSent)
            }
        }
    }

    @Test("refuses IPv6 addresses")
    func ipv6() async throws {
        try await TransportUnderTest(kind: .foundation).run { transport in
            let failure = try #require(await transport.failure(of: HTTPRequest(url: "http://[::1]:1/")))
            #expect(failure.kind == .invalidURL && !failure.requestMayHaveBeenSent)
        }
    }
}
