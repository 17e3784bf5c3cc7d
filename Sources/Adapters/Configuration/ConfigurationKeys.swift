import Domain
import Ports

/// All keys, in the order in which they are documented and shown.
enum ConfigurationKeys {
    static let all: [ConfigurationKey] = bridge + phoneSystem + zammad

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
            .bridge, "poll_interval", .duration(0.001...60), default: .duration(.milliseconds(500)),
            "Time between two polls of the phone system; more than 0."),
        .init(
            .bridge, "api", .choice(BridgeConfiguration.PhoneSystemAPI.allCases.map(\.rawValue)),
            default: .text("auto"),
            "Interface of 3CX: `auto` finds out, `legacy` is for versions before 20, `callcontrol` and `xapi` for 20 "
                + "and later."
        ),
        .init(
            .bridge, "events", .boolean, default: .boolean(true),
            "Call control: listen to the event stream instead of only polling."),
        .init(
            .bridge, "reconcile_interval", .duration(1...86400), default: .duration(.seconds(30)),
            "Call control: time between two full polls while events flow."),
        .init(
            .bridge, "hangup_grace", .duration(0...3600),
            meaningOfDefault: "0; with call control 2 s or two poll intervals, whichever is longer",
            "How long a call may be out of sight before it counts as ended. If not set, and with events, an answered "
                + "call ends once polls have confirmed it, after 0.3 s."),
        .init(
            .bridge, "group_refresh", .duration(1...86400), default: .duration(.seconds(300)),
            "Time between two reloads of groups, queues, trunks and users."),
        .init(
            .bridge, "transfers", .choice(["follow", "split", "ignore"]), default: .text("follow"),
            "After a transfer: `follow` shows the new agent in the same call, and counts the waiting time up to that "
                + "answer, `split` makes a second call of it, with the right times, `ignore` keeps the first agent."),
        .init(
            .bridge, "instance", .instanceName, default: .text("3cx"),
            "Part of every call id; name it when several phone systems feed one Zammad."),
        .init(
            .bridge, "state_dir", .text,
            meaningOfDefault: "$STATE_DIRECTORY, else /var/lib/3cx-zammad-bridge",
            "Folder of the journal."),
        .init(
            .bridge, "history_days", .integer(1...3650), default: .integer(30),
            "How many days the history of calls stays in the journal, ignored calls and whole numbers included."),
        .init(
            .bridge, "status_listen", .listenAddress, default: .text("127.0.0.1:9315"),
            "Address and port of the status page; port 0 for any, empty for none."),
        .init(
            .bridge, "status_token", .text, isSecret: true,
            "Token for reading the status page, at least 16 characters; needed where other machines can reach "
                + "`status_listen`."
        ),
        .init(.bridge, "status_token_file", .secretFile, "File that holds `status_token`."),
    ]

    private static let phoneSystem: [ConfigurationKey] = [
        .init(
            .phoneSystem, "name", .instanceName,
            meaningOfDefault: "`Bridge.instance`; required in a list of several",
            "Name of this phone system in call ids, logs, metrics and `match`."),
        .init(
            .phoneSystem, "api", .choice(BridgeConfiguration.PhoneSystemAPI.allCases.map(\.rawValue)),
            meaningOfDefault: "`Bridge.api`",
            "Interface of this phone system, where there are several of different versions."),
        .init(
            .phoneSystem, "user", .text, "User name, for versions before 20; with `api: xapi` also of the web client."),
        .init(.phoneSystem, "pass", .text, isSecret: true, "Password of `user`."),
        .init(.phoneSystem, "pass_file", .secretFile, "File that holds `pass`."),
        .init(.phoneSystem, "client_id", .text, "Client id of the API integration, for version 20 and later."),
        .init(.phoneSystem, "client_secret", .text, isSecret: true, "Secret (API key) of `client_id`."),
        .init(.phoneSystem, "client_secret_file", .secretFile, "File that holds `client_secret`."),
        .init(
            .phoneSystem, "host", .host, isRequired: true,
            "Address of the phone system: scheme, name and, where it is not the usual one, port."),
        .init(
            .phoneSystem, "group", .textList,
            "Name of the group whose calls are reported, or a list of names. With `api: xapi` also its number, or the "
                + "name or number of a queue or ring group. Call control alone does not use it."),
        .init(
            .phoneSystem, "extension_digits", .integer(1...20),
            "How many digits an extension has; used where the phone system does not say what a number is."),
        .init(
            .phoneSystem, "trunk_digits", .integer(1...20),
            "How many digits a trunk has; used where the phone system does not say what a number is."),
        .init(
            .phoneSystem, "queue_extension", .extensionList,
            "Number of the queue whose calls are reported, or a list of numbers; `0` means none."),
        .init(
            .phoneSystem, "voicemail_extensions", .patternList,
            meaningOfDefault: "666, unless 3CX says that it is something else",
            "Numbers that are voicemail, or a list: `666`, `66*` for all that begin with 66, `660-669`. A caller who "
                + "gets there stays a to-do in Zammad."),
        .init(
            .phoneSystem, "include", .patternList,
            meaningOfDefault: "all",
            "Of the watched extensions only these count; numbers, `10*` or `100-119`. Queues and ring groups are not "
                + "chosen by it."
        ),
        .init(
            .phoneSystem, "exclude", .patternList,
            "Extensions, queues and ring groups that do not count although they are watched; numbers, `10*` or "
                + "`100-119`."
        ),
        .init(
            .phoneSystem, "ignore_numbers", .outsideNumberList,
            "Outside numbers whose calls are not reported, such as own mobile phones and fax machines, in any form; "
                + "`0171*` for all that begin like it."),
        .init(
            .phoneSystem, "anonymous", .choice(["report", "ignore"]), default: .text("report"),
            "Whether calls of callers without a number are reported."),
        .init(
            .phoneSystem, "country_prefix", .countryPrefix,
            "Calling code of your country: `49`, `+49` and `0049` are the same."),
        .init(
            .phoneSystem, "number_format", .choice(["national", "e164", "as_is"]),
            meaningOfDefault: "national with a country_prefix, else as_is",
            "Form of the external numbers: `e164` (49301234567, recommended), `national` (0301234567) or `as_is`."),
        .init(
            .phoneSystem, "outside_line_prefix", .linePrefix,
            "The digit, or up to three, that 3CX shows in front of outside numbers, such as `0` or `9` for an outside "
                + "line: it is taken off."),
        .init(
            .phoneSystem, "tls_ca_file", .certificateFile,
            "Certificates to trust besides those of the system: PEM, or one in DER; at most 4 MiB."),
    ]

    private static let zammad: [ConfigurationKey] = [
        .init(
            .zammad, "name", .instanceName, meaningOfDefault: "in a list the host of `endpoint`",
            "Name of this Zammad in logs, metrics, the journal and `tests`."),
        .init(
            .zammad, "endpoint", .endpoint, isRequired: true, isSecret: true,
            "Address from Zammad's CTI integration, with the token at its end."),
        .init(.zammad, "endpoint_file", .secretFile, "File that holds `endpoint`."),
        .init(
            .zammad, "log_missed_queue_calls", .boolean, default: .boolean(false),
            "Whether calls that nobody took in a queue stay in the caller log as a to-do."),
        .init(
            .zammad, "send_queue", .boolean, default: .boolean(false),
            "Whether the number of the queue is sent in the field `queue`."),
        .init(
            .zammad, "max_parallel", .integer(1...64), default: .integer(12),
            "How many requests run at the same time."),
        .init(
            .zammad, "max_event_age", .duration(0...year),
            meaningOfDefault: "unlimited",
            "Events that could not be delivered for this long are given up."),
        .init(
            .zammad, "reject_blocked_callers", .boolean, default: .boolean(false),
            "Whether a caller that Zammad blocks is also disconnected in 3CX."),
        .init(
            .zammad, "tls_ca_file", .certificateFile,
            "Certificates to trust besides those of the system: PEM, or one in DER; at most 4 MiB."),
        .init(
            .zammad, "api_token", .text, isSecret: true,
            "Token of a Zammad user: with the permission `ticket.agent` for `agents` by login, e-mail address or "
                + "`auto`; with `cti.agent` the bridge asks Zammad whether doubtful events arrived."
        ),
        .init(.zammad, "api_token_file", .secretFile, "File that holds `api_token`."),
        .init(
            .zammad, "agents", .agents, default: .agents([]),
            "Zammad user for each extension, by id, login or e-mail address: `{101: 7, 102: anna@example.com}`; or "
                + "`auto`: by the e-mail address that the phone system has for the extension. All but ids need "
                + "`api_token`."),
        .init(
            .zammad, "tickets", .tickets, default: .tickets([.init(name: "create", value: "off")]),
            "Tickets for calls, one each: `{create: missed, group: Users}`; `create` is `off`, `missed` or `all`. "
                + "Needs `api_token`. The other keys are below."),
        .init(
            .zammad, "match", .match, default: .match(CallMatch()),
            meaningOfDefault: "every call",
            "Which calls this Zammad gets: `{queue: 816, did: +4930*, trunk: 10001, extension: 100-199, pbx: berlin}`; "
                + "see below."
        ),
    ]
}
