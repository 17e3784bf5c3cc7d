import Domain
package import Ports
import Wire

/// Tries one 3CX: the way to it, the login, what may be read there, and whether the configuration fits it.
package struct PhoneSystemCheck: Sendable {
    private let phoneSystem: BridgeConfiguration.PhoneSystem
    package let view: any PhoneSystemView
    private let clock: any Clock

    package init(
        _ phoneSystem: BridgeConfiguration.PhoneSystem, view: any PhoneSystemView, clock: any Clock
    ) {
        self.phoneSystem = phoneSystem
        self.view = view
        self.clock = clock
    }

    package func run(_ report: CheckReporter) async {
        guard await Self.connect(phoneSystem, clock, report), let poll = await poll(report) else { return }
        await describe(poll, report)
    }

    /// - Returns: whether it makes sense to ask more.
    static func connect(
        _ phoneSystem: BridgeConfiguration.PhoneSystem, _ clock: any Clock, _ report: CheckReporter
    ) async -> Bool {
        guard let origin = HTTPOrigin(phoneSystem.host) else { return true }
        await report.step("connecting to \(origin.host)")
        let way = CheckedConnection(
            origin: origin, setting: "3CX.host", caKey: "3CX.tls_ca_file", caFile: phoneSystem.tlsCAFile)
        let (findings, isUsable) = await way.findings(at: clock.now())
        await report(findings)
        return isUsable
    }

    /// Logs in and polls once; `nil` after reporting why that does not work.
    func poll(_ report: CheckReporter) async -> PollResult? {
        await report.step("logging in to 3CX, and reading its calls and lists")
        let outcome = await CheckLimit.run(clock) { [view] in await Self.poll(view) }
        switch outcome {
        case .success(let poll)?: return poll
        case .failure(let failure)?: await report.finding(Self.finding(failure))
        case nil:
            await report.finding(
                .problem(
                    .connection, .unreachable, "3CX did not answer all requests within 30 s",
                    remedy: "check the load of 3CX and the network"))
        }
        return nil
    }

    private static func poll(_ view: any PhoneSystemView) async -> Result<PollResult, PollFailure> {
        do throws(PollFailure) { return .success(try await view.poll()) } catch { return .failure(error) }
    }

    static func finding(_ failure: PollFailure) -> CheckFinding {
        let (subject, cause): (CheckFinding.Subject, CheckFinding.Cause) =
            switch failure.kind {
            case .credentialsRefused: (.login, .refused)
            case .permissionMissing: (.permissions, .refused)
            case .unreachable, .cancelled: (.connection, .unreachable)
            case .interfaceMissing, .malformedAnswer: (.interface, .unreachable)
            case .configuration: (.configuration, .configuration)
            }
        return .problem(subject, cause, "\(failure.what) at \(failure.place)", remedy: failure.remedy)
    }

    // MARK: - What was seen

    private func describe(_ poll: PollResult, _ report: CheckReporter) async {
        let facts = await describeLogin(poll, report)
        let list = await view.watchList() ?? WatchList()
        let standing = Set(list.warnings.map(\.notice))
        await report(notices(poll.notices.filter { !standing.contains($0) }))
        await report(list.warnings.map(Self.finding))
        await report(watched(list))
        if let plan = facts.dialPlan { await report(trunks(plan) + digits(plan)) }
        let calls = poll.snapshot.calls.count
        await report.finding(.note(.calls, "\(calls) call\(calls == 1 ? "" : "s") at this moment"))
        if let ahead = facts.serverAhead { await report.finding(CheckFinding.clock(of: "3CX", ahead: ahead)) }
    }

    /// As whom, to what and by which interface.
    func describeLogin(_ poll: PollResult, _ report: CheckReporter) async -> PhoneSystemFacts {
        let name = await view.name
        let login = await view.interface.logins.lazy.compactMap { $0.credentials.name(in: phoneSystem) }.first
        await report.finding(.ok(.login, "logged in as \(login ?? "nobody")"))
        await report.step("asking 3CX for its version and licence")
        let facts = await CheckLimit.run(clock) { [view] in await view.facts() } ?? PhoneSystemFacts()
        await report(version(facts))
        if !poll.notices.contains(where: { $0.topic == .interface }) {
            await report.finding(.ok(.interface, "using \(name), as Bridge.api says"))
        }
        return facts
    }

    private func version(_ facts: PhoneSystemFacts) -> [CheckFinding] {
        var findings: [CheckFinding] = []
        if let version = facts.version {
            findings.append(.ok(.version, "3CX \(version)"))
        } else {
            findings.append(.note(.version, "this login may not read the version of 3CX"))
        }
        switch facts.licence {
        case let licence? where facts.lacksInterfaces:
            findings.append(
                .warning(
                    .licence, "licence: \(licence), which has no interface for API clients",
                    remedy: "the licence must be Enterprise, 8SC or larger"))
        case let licence?: findings.append(.ok(.licence, "licence: \(licence)"))
        case nil: break
        }
        return findings
    }

    /// What the lists below tell better is left out.
    func notices(_ notices: [Notice]) -> [CheckFinding] {
        notices.compactMap { notice in
            switch (notice.topic, notice.level) {
            case (.watched, _), (.standing, _): return nil
            case (.interface, _): return .ok(.interface, notice.text)
            case (_, .warning):
                return .warning(.permissions, notice.what, remedy: notice.remedy ?? "see docs/troubleshooting.md")
            case (_, .info), (_, .debug):
                var note = CheckFinding.note(.permissions, notice.what)
                note.remedy = notice.remedy
                return note
            }
        }
    }

    private static func finding(_ warning: StandingWarning) -> CheckFinding {
        switch warning.cause {
        case .configuration: .problem(.configuration, .configuration, warning.text, remedy: warning.remedy)
        case .phoneSystem: .warning(.permissions, warning.text, remedy: warning.remedy)
        }
    }

    private func watched(_ list: WatchList) -> [CheckFinding] {
        var findings: [CheckFinding] = []
        func add(_ subject: CheckFinding.Subject, _ one: String, _ kinds: Set<DNKind>) {
            let items = list.stations.filter { kinds.contains($0.kind) }.map { CheckFinding.Item($0.number, $0.name) }
            if !items.isEmpty { findings.append(Self.list(subject, "watching", one, items)) }
        }
        add(.extensions, "extension", [.extension])
        add(.queues, "queue", [.queue])
        add(.ringGroups, "ring group", [.ringGroup])
        add(.extensions, "other number", [.ivr, .voicemail, .other, .trunk])
        findings += Self.faxes(list)
        if !list.leftOut.isEmpty {
            let named = list.leftOut.prefix(Self.mostNamed).joined(separator: ", ")
            findings.append(
                .note(.extensions, "3CX.include and 3CX.exclude leave out \(list.leftOut.count): \(named)"))
        }
        if list.stations.isEmpty {
            findings.append(
                .problem(
                    .extensions, .configuration,
                    "no extension and no queue is watched, so that no call would be reported",
                    remedy: "correct 3CX.group, queue_extension, include or exclude, or add members to the group in 3CX"
                ))
        }
        return findings
    }

    private func trunks(_ plan: DialPlan) -> [CheckFinding] {
        let trunks = plan.stations([.trunk]).map { CheckFinding.Item($0.number, $0.name) }
        return trunks.isEmpty ? [] : [Self.list(.trunks, "3CX has", "trunk", trunks)]
    }

    /// Whatever answers a fax machine's extension talks to nobody.
    private static func faxes(_ list: WatchList) -> [CheckFinding] {
        let faxes = list.stations.filter { station in
            let words = station.name?.lowercased().split { !$0.isLetter } ?? []
            return station.kind == .extension && words.contains { ["fax", "telefax", "faxserver"].contains($0) }
        }
        guard !faxes.isEmpty else { return [] }
        let named = faxes.prefix(mostNamed)
        let texts = named.map { [$0.number, $0.name].compactMap { $0 }.joined(separator: " ") }
        return [
            .warning(
                .extensions, "\(texts.joined(separator: ", ")): a fax would be reported as a call, mostly a missed one",
                remedy: "add \(named.map(\.number).joined(separator: ", ")) to 3CX.exclude if it is a fax machine")
        ]
    }

    private static let mostNamed = 30

    private static func list(
        _ subject: CheckFinding.Subject, _ verb: String, _ one: String, _ items: [CheckFinding.Item]
    ) -> CheckFinding {
        let named = items.prefix(mostNamed).map { [$0.number, $0.name].compactMap { $0 }.joined(separator: " ") }
        let more = items.count > mostNamed ? " and \(items.count - mostNamed) more" : ""
        let what = "\(items.count) \(one)\(items.count == 1 ? "" : "s")"
        return .ok(subject, "\(verb) \(what): \(named.joined(separator: ", "))\(more)", items: items)
    }

    /// The first trap of the reference bridge: with a wrong count no call was ever reported.
    private func digits(_ plan: DialPlan) -> [CheckFinding] {
        [
            ("extension_digits", "extension", phoneSystem.extensionDigits, DNKind.extension),
            ("trunk_digits", "trunk", phoneSystem.trunkDigits, .trunk),
        ].compactMap { key, name, digits, kind in
            guard let digits else { return nil }
            let lengths = Set(
                plan.entries.filter { $0.value.kind == kind && $0.key.isDigits }.map(\.key.utf8.count)
            )
            guard !lengths.isEmpty, !lengths.contains(digits) else { return nil }
            let found = lengths.sorted().map(String.init).joined(separator: " or ")
            return .warning(
                .digits, "3CX.\(key) is \(digits), but no \(name) has this many digits: they have \(found)",
                remedy:
                    "write \(key): \(lengths.sorted().first ?? digits), or leave it out where 3CX's lists can be read")
        }
    }
}
