import Domain
import Ports

/// What no single key can tell: what is missing, and which values do not go together.
struct CrossChecks {
    let settings: SettingsReading
    /// Where each section begins; what is missing is reported there, or at the start of the file.
    let sections: [ConfigurationSection: ConfigurationLocation]
    let startOfFile: ConfigurationLocation?

    /// Which interface this phone system is to be asked through, and which key says so.
    private var api: BridgeConfiguration.PhoneSystemAPI { phoneSystem.api ?? bridge.api }
    private var apiKey: String { settings.has("3CX.api") ? "3CX.api" : "Bridge.api" }
    private var bridge: BridgeConfiguration.Bridge { settings.configuration.bridge }
    private var phoneSystem: BridgeConfiguration.PhoneSystem { settings.configuration.phoneSystem }
    private var zammad: BridgeConfiguration.Zammad { settings.configuration.zammad }

    func run(_ findings: inout Findings) {
        required(&findings)
        credentials(&findings)
        numbers(&findings)
        monitored(&findings)
        agents(&findings)
        tickets(&findings)
        statusPage(&findings)
        if bridge.pollInterval < .milliseconds(100) {
            findings.warn(
                "Bridge.poll_interval is below 0.1 seconds, which is a burden for the phone system",
                at: settings.location("Bridge.poll_interval"), remedy: "use 0.5")
        }
        if !zammad.endpoint.isEmpty, !zammad.endpoint.reveal().contains("/api/v1/cti/") {
            findings.warn(
                "Zammad.endpoint does not contain /api/v1/cti/", at: settings.location("Zammad.endpoint"),
                remedy: "check that it was copied whole from Zammad's settings")
        }
    }

    private func place(_ section: ConfigurationSection) -> ConfigurationLocation? { sections[section] ?? startOfFile }

    private func isComplete(_ credentials: PhoneSystemLogin.Credentials) -> Bool { missing(credentials).isEmpty }

    private func required(_ findings: inout Findings) {
        for key in ConfigurationKeys.all where key.isRequired && !settings.isMentioned(key.path) {
            let variable = key.environmentName().map { " or set \($0)" } ?? ""
            findings.error(
                "\(key.path) is missing", at: settings.location(key.path) ?? place(key.section),
                remedy: "add \(key.name): \(key.example) to section \(key.section.rawValue)\(variable)")
        }
    }

    private func credentials(_ findings: inout Findings) {
        let accepted = api.interface.logins.map(\.credentials)
        guard !accepted.contains(where: isComplete) else {
            for credentials in PhoneSystemLogin.Credentials.allCases { warnOfHalf(credentials, &findings) }
            return
        }
        let begun = accepted.first { missing($0).count < $0.paths.count }
        guard api != .auto else {
            findings.error(
                "3CX credentials are missing", at: place(.phoneSystem),
                remedy: begun.map(addition)
                    ?? "add user and pass (before version 20) or client_id and client_secret (version 20 and later) to "
                    + "section 3CX")
            return
        }
        let needed = accepted.map { $0.paths.joined(separator: " and ") }.joined(separator: ", or ")
        findings.error(
            "\(apiKey): \(api.rawValue) needs \(needed)", at: settings.location(apiKey),
            remedy: addition(of: begun ?? accepted[0]))
    }

    private func missing(_ credentials: PhoneSystemLogin.Credentials) -> [String] {
        credentials.paths.filter { !settings.isMentioned($0) }
    }

    private func addition(of credentials: PhoneSystemLogin.Credentials) -> String {
        "add \(names(missing(credentials))) to section 3CX"
    }

    private func names(_ paths: [String]) -> String {
        paths.compactMap { ConfigurationKeys.key($0)?.name }.joined(separator: " and ")
    }

    private func warnOfHalf(_ credentials: PhoneSystemLogin.Credentials, _ findings: inout Findings) {
        let missing = missing(credentials)
        guard missing.count == 1, let given = credentials.paths.first(where: { $0 != missing[0] }) else { return }
        findings.warn(
            "\(given) is not used without \(missing[0])", at: settings.location(given),
            remedy: "add \(names(missing)), or remove \(given)")
    }

    private func numbers(_ findings: inout Findings) {
        if let digits = phoneSystem.extensionDigits, digits == phoneSystem.trunkDigits {
            findings.warn(
                "3CX.extension_digits and 3CX.trunk_digits are equal, so that trunks cannot be told from extensions",
                at: settings.location("3CX.trunk_digits"), remedy: "count the digits of a trunk in 3CX's trunk list")
        }
        let format = phoneSystem.numberFormat
        let hasPrefix = settings.isMentioned("3CX.country_prefix")
        if let format, format != .asIs, !hasPrefix {
            findings.error(
                "3CX.number_format: \(format.rawValue) needs 3CX.country_prefix",
                at: settings.location("3CX.number_format"),
                remedy: "add country_prefix, for example 49, or use as_is")
        }
        if settings.isMentioned("3CX.outside_line_prefix"), !hasPrefix || format == .asIs {
            findings.error(
                "3CX.outside_line_prefix needs 3CX.country_prefix, and a number_format other than as_is",
                at: settings.location("3CX.outside_line_prefix"),
                remedy: "add country_prefix, for example 49, and number_format: e164")
        }
        if let prefix = phoneSystem.countryPrefix, prefix != "49", format == .national {
            findings.warn(
                "3CX.number_format: national with country_prefix \(prefix) makes numbers that Zammad takes for German "
                    + "ones: it reads every leading 0 as +49",
                at: settings.location("3CX.number_format") ?? settings.location("3CX.country_prefix"),
                remedy: "write number_format: e164")
        }
        if hasPrefix, !settings.isMentioned("3CX.number_format") {
            findings.warn(
                "3CX.number_format is not given; national is used, which is kept for compatibility",
                at: settings.location("3CX.country_prefix"),
                remedy: "add number_format: e164, with which Zammad finds customers by their numbers")
        }
    }

    /// Who an agent is in Zammad can be asked only with a token.
    private func agents(_ findings: inout Findings) {
        guard !settings.isMentioned("Zammad.api_token") else { return }
        var (what, place) = ("auto", settings.location("Zammad.agents"))
        if case .listed(let agents) = zammad.agents {
            guard case .mapping(let fields)? = settings.settings["Zammad.agents"]?.value.content,
                let named = fields.first(where: { if case .loginOrMail? = agents[$0.name] { true } else { false } })
            else { return }
            (what, place) = ("the login or e-mail address of extension \(named.name)", named.value.location)
        }
        findings.error(
            "\(what) in Zammad.agents needs Zammad.api_token", at: place,
            remedy: "add api_token, the token of a Zammad user with the permission ticket.agent, or use user ids")
    }

    /// Tickets are made with a token alone.
    private func tickets(_ findings: inout Findings) {
        guard zammad.tickets.creation != .off, !settings.isMentioned("Zammad.api_token") else {
            return
        }
        findings.error(
            "Zammad.tickets needs Zammad.api_token", at: settings.location("Zammad.tickets"),
            remedy: "add api_token, the token of a Zammad user with the permission ticket.agent, or write tickets: off")
    }

    /// The status page shows calls: whoever is not on this machine must prove that they may see them.
    private func statusPage(_ findings: inout Findings) {
        if let token = bridge.statusToken, token.reveal().utf8.count < Self.shortestToken {
            findings.error(
                "Bridge.status_token is shorter than \(Self.shortestToken) characters",
                at: settings.location("Bridge.status_token"), remedy: "use for example what openssl rand -hex 16 prints"
            )
        }
        guard let address = StatusAddress(bridge.statusListen),
            !address.isLoopback, !settings.isMentioned("Bridge.status_token")
        else { return }
        findings.error(
            "Bridge.status_listen can be reached from other machines, and Bridge.status_token is missing",
            at: settings.location("Bridge.status_listen"),
            remedy: "add status_token to section Bridge, or write status_listen: 127.0.0.1:\(address.port)")
    }

    private static let shortestToken = 16

    /// The legacy interface reports the calls of a group or a queue; without either it would report none.
    private func monitored(_ findings: inout Findings) {
        guard !settings.isMentioned("3CX.group"), !settings.isMentioned("3CX.queue_extension") else { return }
        let (hasUser, hasClient) = (isComplete(.user), isComplete(.client))
        let needsNames = api.interface.needsNames || api == .auto && hasUser && !hasClient
        let message = "neither 3CX.group nor 3CX.queue_extension is given"
        let remedy = "add group: NAME to section 3CX, the group of the agents whose calls are to be reported"
        if needsNames {
            findings.error(message + ", so that no call would be reported", at: place(.phoneSystem), remedy: remedy)
        } else if api == .auto, hasUser, hasClient {
            findings.warn(
                message + ", which a phone system before version 20 needs", at: place(.phoneSystem), remedy: remedy)
        }
    }
}
