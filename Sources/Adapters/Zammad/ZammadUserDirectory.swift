import Domain
package import Ports
package import Wire

/// Finds out, in the background, who the agents are in Zammad: those that the configuration names by login or e-mail
/// address, or with `auto` all whose e-mail address the PBX knows.
///
/// It is never waited for. What it knows is in `userIDs`; while Zammad does not answer, what was known stays.
package actor ZammadUserDirectory {
    package struct Settings: Sendable, Equatable {
        /// Between two rounds.
        package var refresh: Duration = .seconds(300)
        /// After a round that failed; no longer than `refresh`.
        package var retry: Duration = .seconds(30)
        package var timeout: Duration = .seconds(10)
        /// More agents are not searched for.
        package var most = 2000

        package init() {}
    }

    package nonisolated let userIDs: ZammadUserIDs
    private let wanted: Wanted
    private let search: ZammadUserSearch
    private let clock: any Clock
    private let settings: Settings
    private let say: @Sendable (Notice) -> Void
    private var notices = SaidOnce()
    /// Whether the failure of the searches has been said, so that their success is news again.
    private var isFailing = false

    private enum Wanted: Sendable {
        case listed([String: String])
        case automatic((any AgentEmails)?)
    }

    /// `nil` if the configuration leaves nothing to find out.
    ///
    /// - Parameters:
    ///   - emails: Where `auto` gets the extensions' e-mail addresses from; without it `auto` finds nobody and says so.
    ///   - say: Takes what an operator should know; no text of it names a person or a secret.
    package init?(
        _ configuration: BridgeConfiguration, emails: (any AgentEmails)?, transport: any HTTPTransport,
        clock: any Clock,
        settings: Settings? = nil, say: @escaping @Sendable (Notice) -> Void
    ) {
        var own = Settings()
        own.refresh = configuration.bridge.groupRefresh
        self.settings = settings ?? own
        guard let api = ZammadAPI(configuration.zammad, transport: transport, timeout: self.settings.timeout) else {
            return nil
        }
        switch configuration.zammad.agents {
        case .automatic: wanted = .automatic(emails)
        case .listed(let agents):
            let names = agents.compactMapValues { agent -> String? in
                if case .loginOrMail(let name) = agent { name } else { nil }
            }
            guard !names.isEmpty else { return nil }
            wanted = .listed(names)
        }
        userIDs = ZammadUserIDs()
        search = ZammadUserSearch(api: api)
        self.clock = clock
        self.say = say
    }

    /// Searches and searches again until the calling task is cancelled.
    package func run() async {
        if case .automatic(nil) = wanted {
            tell(
                .warning,
                "Zammad.agents: auto finds nobody, since only 3CX's Configuration API (XAPI, version 20 and later) "
                    + "shows the e-mail addresses of extensions; name the agents in Zammad.agents, or leave it out")
            return
        }
        while !Task.isCancelled {
            let pause = await searchAll()
            do { try await clock.sleep(until: clock.now() + min(pause, settings.refresh)) } catch { return }
        }
    }

    // MARK: - One round

    /// - Returns: The pause after it, which is `refresh` at most.
    private func searchAll() async -> Duration {
        let names = await names()
        userIDs.keep(only: names.keys)
        // The PBX's addresses have not been read yet.
        guard !names.isEmpty else { return .seconds(5) }
        if names.count > settings.most {
            tell(.warning, "only the first \(settings.most) of \(names.count) agents are searched for in Zammad")
        }
        var (missing, ambiguous): ([String], [String]) = ([], [])
        var failure: String?
        // One after the other: nobody waits for them, and the events go first.
        for (agent, name) in names.sorted(by: { $0.key < $1.key }).prefix(settings.most) {
            let outcome = await search.user(name)
            guard !Task.isCancelled else { return settings.retry }
            switch outcome {
            case .found(let id): userIDs.set(id, for: agent)
            case .nobody:
                userIDs.set(nil, for: agent)
                missing.append(agent)
            case .several:
                userIDs.set(nil, for: agent)
                ambiguous.append(agent)
            case .denied(let status): return denied(status)
            case .failed(let reason): failure = reason
            case .unreachable(let reason): return failed(reason)
            }
        }
        tellOf(missing, ambiguous, among: names.count)
        if let failure { return failed(failure) }
        if isFailing {
            isFailing = false
            say(Notice(.info, "Zammad's users can be searched again"))
        }
        return settings.refresh
    }

    private func names() async -> [String: String] {
        switch wanted {
        case .listed(let names): names
        case .automatic(let emails):
            (await emails?.emails() ?? [:]).filter { !$0.value.isEmpty && $0.value.utf8.count <= 255 }
        }
    }

    private func denied(_ status: Int) -> Duration {
        tell(
            .warning,
            "Zammad does not let Zammad.api_token search for users (HTTP \(status)), so that agents by login or e-mail "
                + "are not found; give its user and the token itself the permission ticket.agent, and allow token "
                + "access in Admin > System > API")
        isFailing = true
        return settings.refresh
    }

    private func failed(_ reason: String) -> Duration {
        let text = "Zammad's users cannot be searched (\(reason)); answers go without user_id until they can"
        say(Notice(isFailing ? .debug : .warning, text))
        isFailing = true
        return settings.retry
    }

    // MARK: - Telling

    private func tellOf(_ missing: [String], _ ambiguous: [String], among count: Int) {
        let isListed = if case .listed = wanted { true } else { false }
        if !missing.isEmpty, isListed {
            tell(
                .warning,
                "no active Zammad user has the login or e-mail address that Zammad.agents gives for "
                    + "\(Self.list(missing)); correct it there or in Zammad")
        }
        if !ambiguous.isEmpty {
            tell(
                .warning,
                "several Zammad users have the login or e-mail address of \(Self.list(ambiguous)), so that none is "
                    + "taken; give the user id in Zammad.agents")
        }
        tell(.info, "Zammad users are known for \(userIDs.count) of \(count) agents")
    }

    private static func list(_ extensions: [String]) -> String {
        let shown = extensions.prefix(10).joined(separator: ", ") + (extensions.count > 10 ? " …" : "")
        return (extensions.count == 1 ? "extension " : "extensions ") + shown
    }

    /// Each text once, since the rounds repeat.
    private func tell(_ level: Notice.Level, _ text: String) {
        notices.add(Notice(level, text))
        notices.take().forEach(say)
    }
}
