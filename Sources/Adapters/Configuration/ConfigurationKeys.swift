import Domain
import Ports

/// All keys, in the order in which they are documented and shown.
///
/// A new key is a row here and its property in `BridgeConfiguration`; `make docs` writes its row in the documentation.
enum ConfigurationKeys {
    /// Those that have a value in `BridgeConfiguration`.
    static let settings: [ConfigurationKey] = bridge + phoneSystem + zammad

    /// With the keys that name files with secrets.
    static let all: [ConfigurationKey] = settings.flatMap { $0.isSecret ? [$0, ConfigurationKey(fileOf: $0)] : [$0] }

    /// Nothing is given but the defaults.
    static let defaults = BridgeConfiguration(phoneSystem: .init(host: ""), zammad: .init(endpoint: Secret("")))

    static func keys(of section: ConfigurationSection) -> [ConfigurationKey] {
        all.filter { $0.section == section }
    }

    /// Keys of earlier versions that have no effect any more, and why.
    private static let withdrawn = ["Bridge.http_client": "there is only one HTTP client now"]

    /// Says of a key of an earlier version, by its path or the name of its variable, that it has no effect any more.
    ///
    /// - Returns: whether it is one.
    static func reportWithdrawn(
        _ name: String, at location: ConfigurationLocation, _ findings: inout Findings
    ) -> Bool {
        let key = withdrawn.first { path, _ in
            name == path
                || name == ConfigurationKey.environmentPrefix + path.replacing(".", with: "_").uppercased()
        }
        guard let (path, reason) = key else { return false }
        findings.warn("\(path) has no effect any more: \(reason)", at: location, remedy: "remove it")
        return true
    }

    static func key(_ path: String) -> ConfigurationKey? { byPath[path] }

    private static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })

    private static let year = 366 * 86400.0

    private static let bridge: [ConfigurationKey] = [
        .init(
            .bridge, "poll_interval", \.bridge.pollInterval, .duration(0.001...60), isRecorded: true,
            "Time between two polls of the phone system; more than 0."),
        .init(
            .bridge, "api", \.bridge.api, .choice(), isRecorded: false,
            "Interface of 3CX: `auto` finds out, `legacy` is for versions before 20, `callcontrol` and `xapi` for "
                + "20 and later."),
        .init(
            .bridge, "events", \.bridge.events, .boolean, isRecorded: false,
            "Call control: listen to the event stream instead of only polling."),
        .init(
            .bridge, "reconcile_interval", \.bridge.reconcileInterval, .duration(1...86400), isRecorded: true,
            "Call control: time between two full polls while events flow."),
        .init(
            .bridge, "hangup_grace", \.bridge.hangupGrace, .optional(.duration(0...3600)),
            meaningOfDefault: "0; with call control alone 2 s or two poll intervals, whichever is longer",
            isRecorded: true,
            "A call counts as ended when 3CX has not shown it for this long. If this is not set and 3CX pushes events, "
                + "an answered call ends sooner: polls at once and after 0.3 s confirm that it is gone."),
        .init(
            .bridge, "group_refresh", \.bridge.groupRefresh, .duration(1...86400), isRecorded: true,
            "Time between two reloads of groups, queues, trunks and users."),
        .init(
            .bridge, "transfers", \.bridge.transfers, .choice(), isRecorded: true,
            "What Zammad shows after a transfer. `follow`: the same call, now with the new agent; its waiting time "
                + "lasts up to that answer. `split`: a second call with the new agent; both have the right times. "
                + "`ignore`: the same call, still with the first agent."),
        .init(
            .bridge, "instance", \.bridge.instance, .instanceName, needsRestart: true, isRecorded: false,
            "Part of every call id; name it when several phone systems feed one Zammad."),
        .init(
            .bridge, "state_dir", \.bridge.stateDirectory, .optional(.text),
            meaningOfDefault: "$STATE_DIRECTORY, else /var/lib/3cx-zammad-bridge", needsRestart: true,
            isRecorded: false,
            "Folder of the journal."),
        .init(
            .bridge, "history_days", \.bridge.historyDays, .integer(1...3650), needsRestart: true, isRecorded: false,
            "How many days the history of calls stays in the journal, ignored calls and whole numbers included."),
        .init(
            .bridge, "status_listen", \.bridge.statusListen, .listenAddress, needsRestart: true, isRecorded: false,
            "Address and port of the status page; port 0 for any, empty for none."),
        .init(
            .bridge, "status_token", \.bridge.statusToken, .optional(.secret), isRecorded: false,
            "Token for reading the status page, at least 16 characters; needed where other machines can reach "
                + "`status_listen`."),
    ]

    private static let phoneSystem: [ConfigurationKey] = [
        .init(
            .phoneSystem, "name", \.phoneSystem.name, .peerName(),
            meaningOfDefault: "`Bridge.instance`; required in a list of several", isRecorded: false,
            "Name of this phone system in call ids, logs, metrics and `match`."),
        .init(
            .phoneSystem, "api", \.phoneSystem.api, .optional(.choice()),
            meaningOfDefault: "`Bridge.api`", isRecorded: false,
            "Interface of this phone system, where there are several of different versions."),
        .init(
            .phoneSystem, "user", \.phoneSystem.user, .optional(.text), isRecorded: false,
            "User name, for versions before 20; with `api: xapi` also of the web client."),
        .init(
            .phoneSystem, "pass", \.phoneSystem.password, .optional(.secret), isRecorded: false,
            "Password of `user`."),
        .init(
            .phoneSystem, "client_id", \.phoneSystem.clientID, .optional(.text), isRecorded: false,
            "Client id of the API integration, for version 20 and later."),
        .init(
            .phoneSystem, "client_secret", \.phoneSystem.clientSecret, .optional(.secret), isRecorded: false,
            "Secret (API key) of `client_id`."),
        .init(
            .phoneSystem, "host", \.phoneSystem.host, .host, isRequired: true, isRecorded: false,
            "Address of the phone system: scheme, name and, where it is not the usual one, port."),
        .init(
            .phoneSystem, "group", \.phoneSystem.groups, .names, isRecorded: true,
            "Name of the group whose calls are reported, or a list of names. With `api: xapi` also its number, or "
                + "the name or number of a queue or ring group. Call control alone does not use it."),
        .init(
            .phoneSystem, "extension_digits", \.phoneSystem.extensionDigits, .optional(.integer(1...20)),
            isRecorded: true,
            "How many digits an extension has; used where the phone system does not say what a number is."),
        .init(
            .phoneSystem, "trunk_digits", \.phoneSystem.trunkDigits, .optional(.integer(1...20)), isRecorded: true,
            "How many digits a trunk has; used where the phone system does not say what a number is."),
        .init(
            .phoneSystem, "queue_extension", \.phoneSystem.queueExtensions, .extensions, isRecorded: true,
            "Number of the queue whose calls are reported, or a list of numbers; `0` means none."),
        .init(
            .phoneSystem, "voicemail_extensions", \.phoneSystem.voicemailExtensions, .optional(.patterns),
            meaningOfDefault: "666, unless 3CX says that it is something else", isRecorded: true,
            "Numbers that are voicemail, or a list: `666`, `66*` for all that begin with 66, `660-669`. A caller "
                + "who gets there stays a to-do in Zammad."),
        .init(
            .phoneSystem, "include", \.phoneSystem.include, .patterns, meaningOfDefault: "all", isRecorded: true,
            "Of the watched extensions only these count; numbers, `10*` or `100-119`. Queues and ring groups are "
                + "not chosen by it."),
        .init(
            .phoneSystem, "exclude", \.phoneSystem.exclude, .patterns, isRecorded: true,
            "Extensions, queues and ring groups that do not count although they are watched; numbers, `10*` or "
                + "`100-119`."),
        .init(
            .phoneSystem, "ignore_numbers", \.phoneSystem.ignoredNumbers, .outsideNumbers, isRecorded: true,
            "Outside numbers whose calls are not reported, such as own mobile phones and fax machines, in any "
                + "form; `0171*` for all that begin like it."),
        .init(
            .phoneSystem, "anonymous", \.phoneSystem.reportsAnonymous, .choice([("report", true), ("ignore", false)]),
            isRecorded: true,
            "Whether calls of callers without a number are reported."),
        .init(
            .phoneSystem, "country_prefix", \.phoneSystem.countryPrefix, .optional(.countryPrefix), isRecorded: true,
            "Calling code of your country: `49`, `+49` and `0049` are the same."),
        .init(
            .phoneSystem, "number_format", \.phoneSystem.numberFormat, .optional(.choice()),
            meaningOfDefault: "national with a country_prefix, else as_is", isRecorded: true,
            "Form of the external numbers: `e164` (49301234567, recommended), `national` (0301234567) or `as_is`."),
        .init(
            .phoneSystem, "outside_line_prefix", \.phoneSystem.outsideLinePrefix, .linePrefix, isRecorded: true,
            "The digit for an outside line, such as `0` or `9`; up to three digits. Set it if 3CX shows it in front of "
                + "outside numbers. The bridge then removes it."),
        .init(
            .phoneSystem, "tls_ca_file", \.phoneSystem.tlsCAFile, .optional(.certificateFile), isRecorded: false,
            "Certificates to trust besides those of the system: PEM, or one in DER; at most 4 MiB."),
    ]

    private static let zammad: [ConfigurationKey] = [
        .init(
            .zammad, "name", \.zammad.name, .peerName(),
            meaningOfDefault: "in a list the host of `endpoint`", isRecorded: false,
            "Name of this Zammad in logs, metrics, the journal and `tests`."),
        .init(
            .zammad, "endpoint", \.zammad.endpoint, .endpoint, isRequired: true, isRecorded: false,
            "Address from Zammad's CTI integration, with the token at its end."),
        .init(
            .zammad, "log_missed_queue_calls", \.zammad.logMissedQueueCalls, .boolean, isRecorded: true,
            "Whether calls that nobody took in a queue stay in the caller log as a to-do."),
        .init(
            .zammad, "send_queue", \.zammad.sendQueue, .boolean, isRecorded: true,
            "Whether the number of the queue is sent in the field `queue`."),
        .init(
            .zammad, "max_parallel", \.zammad.maxParallel, .integer(1...64), isRecorded: false,
            "How many requests run at the same time."),
        .init(
            .zammad, "max_event_age", \.zammad.maxEventAge, .optional(.duration(0...year)),
            meaningOfDefault: "unlimited", isRecorded: false,
            "Events that could not be delivered for this long are given up."),
        .init(
            .zammad, "reject_blocked_callers", \.zammad.rejectBlockedCallers, .boolean, isRecorded: false,
            "Whether a caller that Zammad blocks is also disconnected in 3CX."),
        .init(
            .zammad, "tls_ca_file", \.zammad.tlsCAFile, .optional(.certificateFile), isRecorded: false,
            "Certificates to trust besides those of the system: PEM, or one in DER; at most 4 MiB."),
        .init(
            .zammad, "api_token", \.zammad.apiToken, .optional(.secret), isRecorded: false,
            "Token of a Zammad user: with the permission `ticket.agent` for `agents` by login, e-mail address or "
                + "`auto`; with `cti.agent` the bridge asks Zammad whether doubtful events arrived."),
        .init(
            .zammad, "agents", \.zammad.agents, .agents, isRecorded: true,
            "Zammad user for each extension, by id, login or e-mail address: `{101: 7, 102: anna@example.com}`; or "
                + "`auto`: by the e-mail address that the phone system has for the extension. All but ids need "
                + "`api_token`."),
        .init(
            .zammad, "tickets", \.zammad.tickets, .tickets, isRecorded: false,
            "Tickets for calls, one each: `{create: missed, group: Users}`; `create` is `off`, `missed` or `all`. "
                + "Needs `api_token`. The other keys are below."),
        .init(
            .zammad, "match", \.zammad.match, .match, meaningOfDefault: "every call", isRecorded: false,
            "Which calls this Zammad gets: `{queue: 816, did: +4930*, trunk: 10001, extension: 100-199, pbx: "
                + "berlin}`; see below."),
    ]
}
