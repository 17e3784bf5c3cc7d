import Domain
import Ports

/// What XAPI adds: the calls of the whole PBX, names, and which DNs are watched.
extension CallControlView {
    /// How long XAPI is left alone when it fails, so that its timeouts do not slow the polls.
    private static let pauseAfterFailure: Duration = .seconds(10)

    var isWholeUsable: Bool {
        guard whole != nil else { return false }
        return wholeFailure.map { $0.until <= clock.now() } ?? true
    }

    /// Whether somebody has to change something before it can be used.
    private static func isForbidden(_ failure: PollFailure) -> Bool {
        failure.kind == .permissionMissing || failure.kind == .configuration
    }

    /// The DNs whose calls the helpdesk sees. Without a group the API client's own DNs are the choice that the operator
    /// has made.
    func watched(_ visible: Set<String>, _ plan: DialPlan) -> Set<String> {
        guard settings.phoneSystem.groups.isEmpty else { return plan.monitored }
        guard !settings.phoneSystem.queueExtensions.isEmpty else { return visible }
        return visible.union(
            plan.monitored.filter { [.queue, .ringGroup].contains(plan.kind(of: $0)) })
    }

    /// Whether there are watched DNs of which nothing is pushed.
    var hasWatchedOutOfSight: Bool {
        guard whole != nil, !(wholeFailure.map { Self.isForbidden($0.failure) } ?? false) else { return false }
        // What is watched is not known yet.
        guard let plan else { return true }
        let visible = Set(visible(table.stations))
        let unseen = watched(visible, plan).subtracting(visible)
        guard !unseen.isEmpty else { return false }
        notices.add(
            Notice(
                .info,
                "the API client does not see \(unseen.sorted().prefix(30).joined(separator: ", ")), so that XAPI is "
                    + "polled for their calls",
                remedy: "add them to its extensions to monitor (Admin > Integrations > API) for news within "
                    + "milliseconds"))
        return true
    }

    func emails() async -> [String: String] {
        await whole?.emails() ?? [:]
    }

    func facts() async -> PhoneSystemFacts {
        var facts = await PhoneSystemFacts.ofVersion20(owner, requests, clock)
        facts.groups = await whole?.groups() ?? []
        let stations = table.stations.filter(\.isFollowed)
        let visible = Set(stations.map(\.dn))
        if var plan {
            plan.monitored = watched(visible, plan)
            facts.dialPlan = plan
        } else {
            let entries = stations.map { ($0.dn, DialPlan.Entry(kind: CallControlType($0.type).kind ?? .other)) }
            facts.dialPlan = DialPlan(entries: Dictionary(entries) { first, _ in first }, monitored: visible)
        }
        return facts
    }

    func watchList() async -> WatchList? {
        let stations = table.stations.filter(\.isFollowed)
        guard !stations.isEmpty else { return nil }
        let visible = Set(stations.map(\.dn))
        var warnings = await whole?.warnings ?? []
        let listsExtensions = await whole?.listsExtensions ?? false
        if let failure = wholeFailure?.failure { warnings.append(Self.warning(ofWhole: failure)) }
        if whole == nil { warnings += unseenQueues(visible) }
        if let trouble = socketTrouble { warnings.append(trouble) }
        var shown = plan ?? DialPlan(voicemail: settings.phoneSystem.voicemailExtensions)
        for station in stations where plan?.entries[station.dn] == nil {
            shown.entries[station.dn] = .init(kind: CallControlType(station.type).kind ?? .other)
        }
        shown.monitored = plan.map { watched(visible, $0) } ?? visible
        // It seldom changes, and each wrong name is compared with all that there are.
        if watchedLast?.plan != shown || watchedLast?.listsExtensions != listsExtensions {
            let list = WatchList(shown, listsExtensions: listsExtensions, settings, warnings: [])
            watchedLast = (shown, listsExtensions, list)
        }
        var list = watchedLast?.list
        list?.warnings.insert(contentsOf: warnings, at: 0)
        return list
    }

    /// Why XAPI is not used although it may be.
    private static func warning(ofWhole failure: PollFailure) -> StandingWarning {
        let consequence = "calls are seen on the API client's own extensions and queues alone"
        guard failure.kind != .configuration else {
            return StandingWarning(.configuration, "\(failure.what), so that \(consequence)", remedy: failure.remedy)
        }
        return StandingWarning(
            .phoneSystem, "XAPI cannot be used, so that \(consequence): \(failure.what) at \(failure.place)",
            remedy: failure.remedy)
    }

    /// Queues that the configuration names, and of which call control alone shows nothing.
    func unseenQueues(_ visible: Set<String>) -> [StandingWarning] {
        settings.phoneSystem.queueExtensions.filter { !visible.contains($0) }.map { queue in
            StandingWarning(
                .configuration,
                "queue \(queue) is not visible to the API client, so that its calls are seen only when they ring at an "
                    + "agent",
                remedy: "add it to the extensions to monitor, or correct 3CX.queue_extension"
                    + WatchList.hint([queue], Array(visible)))
        }
    }

    /// Where this fails the DNs still show calls.
    func askForRows() async {
        guard let whole, isWholeUsable else { return }
        let question = join.rowsAsked()
        do throws(PollFailure) {
            let poll = try await whole.ask()
            plan = try await whole.directory().dialPlan
            wholeFailure = nil
            unreadableRows = poll.snapshot.unreadableRows
            for notice in poll.notices { notices.add(notice) }
            join.rowsAnswered(poll.snapshot.calls, question: question)
        } catch {
            guard error.kind != .cancelled else { return }
            let pause = Self.isForbidden(error) ? settings.groupRefresh : Self.pauseAfterFailure
            wholeFailure = (error, clock.now() + pause)
            unreadableRows = 0
            join.rowsFailed()
            notices.add(
                Notice(
                    .warning,
                    "XAPI cannot be used: \(error); until it can, calls are seen on the API client's own extensions "
                        + "and queues alone", about: .standing))
        }
    }

    /// Asks for the rows because of an event, one question at a time; what comes meanwhile is asked next.
    func refreshRows() async {
        guard !isRefreshing else {
            isRefreshWanted = true
            return
        }
        isRefreshing = true
        repeat {
            isRefreshWanted = false
            await askForRows()
            _ = await show([table.stations], pollWanted: isWholeUsable ? nil : "XAPI did not answer")
        } while isRefreshWanted && !Task.isCancelled && isWholeUsable
        isRefreshing = false
    }
}
