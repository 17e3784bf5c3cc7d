import Domain
import FoundationEssentials
package import Ports
package import Wire

/// Tries one Zammad, without a trace in its log of calls.
///
/// Zammad looks at the integration's switch, its settings and the token before it looks at the event, and refuses an
/// event without a direction with a text of its own: whoever gets that text has the right token for an integration that
/// is switched on.
package struct ZammadCheck: Sendable {
    let zammad: BridgeConfiguration.Zammad
    private let transport: any HTTPTransport
    private let emails: @Sendable () async -> [String: String]
    private let clock: any Clock

    /// `emails`: the addresses of the extensions, for `agents: auto`.
    package init(
        _ zammad: BridgeConfiguration.Zammad, transport: any HTTPTransport, clock: any Clock,
        emails: @escaping @Sendable () async -> [String: String]
    ) {
        self.zammad = zammad
        self.transport = transport
        self.clock = clock
        self.emails = emails
    }

    /// No row comes of it in any version: it has neither a direction nor an event that Zammad knows, nor numbers or an
    /// id.
    static let probe = Array(#"{"event":"check"}"#.utf8)
    private static let timeout: Duration = .seconds(10)

    package func run(_ report: CheckReporter) async {
        if let origin = HTTPOrigin(zammad.endpoint.reveal()) {
            await report.step("connecting to \(origin.host)")
            let way = CheckedConnection(
                origin: origin, setting: "Zammad.endpoint", caKey: "Zammad.tls_ca_file", caFile: zammad.tlsCAFile)
            let (findings, isUsable) = await way.findings(at: clock.now())
            await report(findings)
            guard isUsable else { return }
        }
        await report.step("sending Zammad a test event that it refuses")
        await report(await endpoint())
        await report([missedQueueCalls])
        guard let api = ZammadAPI(zammad, transport: transport, timeout: Self.timeout) else {
            await report.finding(
                .note(
                    .apiToken,
                    "no Zammad.api_token: an event whose reply gets lost stays unconfirmed (docs/outbox.md)"))
            return
        }
        await users(report, api)
        await tickets(report, api)
    }

    /// What the caller log will say of them: an operator may expect a to-do that the reference bridge never made.
    private var missedQueueCalls: CheckFinding {
        .note(
            .queues,
            zammad.logMissedQueueCalls
                ? "a missed call to a queue stays as a to-do (log_missed_queue_calls is on)"
                : "a missed call to a queue is shown as forwarded, and is no to-do (log_missed_queue_calls is off)")
    }

    // MARK: - The endpoint

    private func endpoint() async -> [CheckFinding] {
        let request = HTTPRequest(
            method: .post, url: zammad.endpoint.reveal(),
            headers: ["Content-Type": "application/json", "Accept": "application/json"], body: Self.probe,
            timeout: Self.timeout)
        let response: HTTPResponse
        do throws(HTTPFailure) {
            response = try await transport.send(request)
        } catch {
            return [.problem(.endpoint, .unreachable, error.detail, remedy: error.remedy)]
        }
        var findings = [judge(response)]
        if let date = ServerDate(response) {
            findings.append(CheckFinding.clock(of: "Zammad", ahead: date.instant - clock.now()))
        }
        return findings
    }

    private func judge(_ response: HTTPResponse) -> CheckFinding {
        let answer = ZammadAnswer(response, hiding: ZammadEndpoint(zammad.endpoint).secrets)
        let text = answer.errorText?.lowercased() ?? ""
        let what = answer.reason
        let copy =
            "copy the endpoint's address from Zammad, Admin > System > Integrations > CTI (generic), to Zammad.endpoint"
        switch answer.status {
        case _ where answer.wantsTLS:
            return .problem(
                .endpoint, .configuration, "this port of Zammad expects https:// and was asked with http:// (\(what))",
                remedy: "write https:// in Zammad.endpoint")
        case 422 where text.contains("direction"):
            return .ok(
                .endpoint,
                "the CTI integration is switched on, and the token in Zammad.endpoint is right (a test event was "
                    + "refused as it should be, so that no call is in Zammad's caller log)")
        case 422 where text.contains("disabled"):
            return .problem(
                .endpoint, .refused, "the CTI integration is switched off in Zammad (\(what))",
                remedy: "switch it on in Zammad: Admin > System > Integrations > CTI (generic)")
        case 422 where text.contains("not configured"):
            return .problem(
                .endpoint, .refused, "the CTI integration has no settings in Zammad (\(what))",
                remedy: "open Admin > System > Integrations > CTI (generic) in Zammad and save it once")
        case 401 where answer.isZammads:
            return .problem(
                .endpoint, .refused, "Zammad does not accept the token at the end of Zammad.endpoint (\(what))",
                remedy: copy)
        case 403, 404, 405:
            return .problem(
                .endpoint, .configuration, "there is no CTI endpoint at this address (\(what))", remedy: copy)
        case 300..<400:
            return .problem(
                .endpoint, .configuration, "this address redirects elsewhere\(answer.redirection) (\(what))",
                remedy: "write the address that it leads to in Zammad.endpoint; check http:// and https://")
        case 200..<300:
            return .problem(
                .endpoint, .configuration,
                "what answers is not a CTI endpoint of Zammad: it accepts an event that Zammad refuses (\(what))",
                remedy: copy)
        case 429, 500...:
            return .problem(
                .endpoint, .unreachable, "Zammad does not work (\(what))",
                remedy: "check Zammad, and a proxy in front of it; then run this again")
        case 400..<500 where !answer.isZammads:
            return .problem(
                .endpoint, .configuration, answer.strangersWords,
                remedy: "check what is in front of Zammad, and http:// or https:// in Zammad.endpoint")
        default:
            return .problem(
                .endpoint, .refused, "Zammad gives an unknown answer (\(what))",
                remedy: "check for a proxy in front of Zammad; else report this with Zammad's version")
        }
    }

    // MARK: - The API token and the agents

    private func users(_ report: CheckReporter, _ api: ZammadAPI) async {
        await report.step("asking Zammad what the API token may do")
        let log = await status(of: "/api/v1/cti/log", api)
        await report.finding(
            permission(
                log, "read the caller log", "so that the bridge can find out whether a doubtful event arrived",
                "cti.agent"))
        let names = await names()
        let probe = await status(of: "/api/v1/users/search?query=check&limit=1", api)
        let maySearch = permission(probe, "search for users", "so that agents are found", "ticket.agent")
        await report.finding(maySearch)
        guard maySearch.level == .ok, !names.isEmpty else { return }
        let search = ZammadUserSearch(api: api)
        await report.step("looking for \(names.count) agents in Zammad")
        let found = await CheckLimit.run(clock) { await Self.find(names, search) }
        await report(agents(found ?? Agents(unsure: names.keys.sorted()), of: names.count))
    }

    /// `status`: `nil` without an answer.
    func status(of path: String, _ api: ZammadAPI) async -> (status: Int?, reason: String) {
        do throws(HTTPFailure) {
            let status = try await api.send(.get, path).status
            return (status, "HTTP \(status)")
        } catch {
            return (nil, error.detail)
        }
    }

    private func permission(
        _ answer: (status: Int?, reason: String), _ what: String, _ why: String, _ permission: String
    ) -> CheckFinding {
        switch answer.status {
        case 200?: return .ok(.apiToken, "Zammad.api_token may \(what), \(why)")
        case 401?:
            return .problem(
                .apiToken, .refused, "Zammad does not accept Zammad.api_token (\(answer.reason))",
                remedy:
                    "make a token in Zammad, Profile > Token Access, with the permissions cti.agent and ticket.agent; "
                    + "token access must be allowed in Admin > System > API")
        case 403?:
            return .warning(
                .apiToken, "Zammad.api_token may not \(what) (\(answer.reason))",
                remedy: "give the token, and its user, the permission \(permission)")
        default:
            return .warning(
                .apiToken, "cannot find out whether Zammad.api_token may \(what) (\(answer.reason))",
                remedy: "check Zammad, and a proxy in front of it; then run this again")
        }
    }

    /// Extension → login or e-mail address.
    private func names() async -> [String: String] {
        switch zammad.agents {
        case .automatic: await emails().filter { !$0.value.isEmpty }
        case .listed(let agents):
            agents.compactMapValues { agent in if case .loginOrMail(let name) = agent { name } else { nil } }
        }
    }

    private struct Agents: Sendable {
        var found: [CheckFinding.Item] = []
        var missing: [String] = []
        var ambiguous: [String] = []
        /// Of whom Zammad did not say.
        var unsure: [String] = []
    }

    private static let mostAgents = 200

    private static func find(_ names: [String: String], _ search: ZammadUserSearch) async -> Agents {
        var agents = Agents()
        for (number, name) in names.sorted(by: { $0.key < $1.key }).prefix(mostAgents) {
            switch await search.user(name) {
            case .found(let id): agents.found.append(.init(number, "user \(id)"))
            case .nobody: agents.missing.append(number)
            case .several: agents.ambiguous.append(number)
            case .denied, .failed, .unreachable: agents.unsure.append(number)
            }
        }
        return agents
    }

    private func agents(_ agents: Agents, of count: Int) -> [CheckFinding] {
        var findings: [CheckFinding] = []
        if !agents.found.isEmpty {
            findings.append(
                .ok(.agents, "Zammad knows \(agents.found.count) of \(count) agents", items: agents.found))
        }
        func warn(_ numbers: [String], _ what: String, _ remedy: String) {
            guard !numbers.isEmpty else { return }
            let shown = numbers.prefix(20).joined(separator: ", ") + (numbers.count > 20 ? " …" : "")
            findings.append(.warning(.agents, "\(what) \(shown)", remedy: remedy))
        }
        warn(
            agents.missing, "no active Zammad user has the login or e-mail address given for extension",
            "correct it in Zammad.agents or in Zammad (with auto: in 3CX)")
        warn(
            agents.ambiguous, "several Zammad users have the login or e-mail address of extension",
            "give the user id in Zammad.agents")
        warn(agents.unsure, "Zammad did not say who is the agent of extension", "run this again")
        return findings
    }
}
