import Adapters
import ArgumentParser
import FoundationEssentials
import Ports
import Wire

/// Where the running bridge is found, for the commands that ask it.
struct StatusOptions: ParsableArguments {
    @OptionGroup var configurationOptions: ConfigurationOptions

    @Option(
        help: ArgumentHelp(
            "Address of the bridge's status page, such as http://127.0.0.1:9315.",
            discussion: """
                Without it Bridge.status_listen is read from the configuration, which must then be complete, \
                secrets included. With it the status token is read from the environment, \
                ZAMMADBRIDGE_BRIDGE_STATUS_TOKEN.
                """,
            valueName: "url"))
    var url: String?

    func validate() throws {
        guard let url, HTTPOrigin(url) == nil else { return }
        throw ValidationError("--url is http://HOST:PORT or https://HOST:PORT, with a port from 1 to 65535")
    }

    /// The bridge to ask, and its address for messages.
    func client() throws -> (StatusClient, url: String) {
        if let url {
            let token = ProcessInfo.processInfo.environment["ZAMMADBRIDGE_BRIDGE_STATUS_TOKEN"]
            let trimmed = url.hasSuffix("/") ? String(url.dropLast()) : url
            return (StatusClient(url: trimmed, token: token.map(Secret.init)), trimmed)
        }
        let bridge = try configurationOptions.load().configuration.bridge
        guard let address = StatusAddress(bridge.statusListen) else {
            throw ExitCode.unreachable.saying(
                "Bridge.status_listen is empty, so that the bridge has no status page; set it and restart")
        }
        guard address.port != 0 else {
            throw ExitCode.unreachable.saying(
                "Bridge.status_listen has port 0, so that only the bridge's log has the address; give it with --url")
        }
        return (StatusClient(url: address.url, token: bridge.statusToken), address.url)
    }

    /// Says why the bridge cannot be asked, and what to do.
    func report(_ failure: StatusClient.Failure, _ url: String) -> ExitCode {
        switch failure {
        case .unreachable(let reason):
            .unreachable.saying(
                "no bridge answers at \(url) (\(reason)); check whether it runs (systemctl status 3cx-zammad-bridge) "
                    + "and what its log says about the status page")
        case .tokenRefused:
            .credentialsRefused.saying(
                "the bridge at \(url) wants another Bridge.status_token than the one it got; with --url "
                    + "set ZAMMADBRIDGE_BRIDGE_STATUS_TOKEN")
        case .notABridge(let reason):
            .unreachable.saying(
                "what answers at \(url) is not this bridge (\(reason)); check Bridge.status_listen or --url")
        }
    }
}
