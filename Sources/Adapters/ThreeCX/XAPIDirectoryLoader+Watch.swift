import Domain
import Ports

/// Which DNs are watched: the members of the groups, queues and ring groups that the configuration names.
extension XAPIDirectoryLoader {
    enum Target {
        case group(XAPIMessages.Group)
        case queue(XAPIMessages.Station)
        case ringGroup(XAPIMessages.Station)

        var kind: String {
            switch self {
            case .group: "group"
            case .queue: "queue"
            case .ringGroup: "ring group"
            }
        }

        var texts: [String] {
            switch self {
            case .group(let group): [group.number, group.name].compactMap { $0 }
            case .queue(let station), .ringGroup(let station): [station.number, station.name].compactMap { $0 }
            }
        }
    }

    mutating func watch() async throws(PollFailure) {
        guard !settings.groups.isEmpty || !settings.queueExtensions.isEmpty else { return try watchAll() }
        try await loadTargets()
        try checkGroupsAreKnown()
        var missing: [(key: String, name: String)] = []
        for name in settings.groups {
            if try await !watch(name, preferringQueues: false) { missing.append(("3CX.group", name)) }
        }
        for name in settings.queueExtensions {
            if try await watch(name, preferringQueues: true) { continue }
            if isQueueByItsNumber(name) {
                dialPlan.watchQueue(name)
            } else {
                missing.append(("3CX.queue_extension", name))
            }
        }
        guard !missing.isEmpty else { return }
        try report(missing)
    }

    /// What an operator expects who names nothing.
    private mutating func watchAll() throws(PollFailure) {
        dialPlan.watchAll([.extension, .queue])
        guard dialPlan.monitored.isEmpty else {
            dialPlan.watchAll([.ringGroup])
            said.notices.append(
                Notice(
                    .info,
                    "neither 3CX.group nor 3CX.queue_extension is given: all extensions, queues and ring groups are "
                        + "watched", about: .watchesAll))
            return
        }
        throw refusals["Users"]
            ?? xapi.failure(.permissionMissing, "no extension can be seen", "Users", remedy: xapi.access.remedy)
    }

    // MARK: - Names

    private mutating func loadTargets() async throws(PollFailure) {
        let path = "Groups"
        switch try await xapi.list(XAPIMessages.Group.self, path, select: ["Id", "Number", "Name"]) {
        case .success(let groups): lists.groups = groups.readable
        case .failure(let failure):
            lists.groups = previous?.lists.groups
            try refuse(path, failure, wasKnown: lists.groups != nil)
        }
        targets = (lists.groups ?? []).map { .group($0) }
        targets += (lists.queues ?? []).map { .queue($0) } + (lists.ringGroups ?? []).map { .ringGroup($0) }
    }

    /// Without the list of groups a name that a queue has may be meant for a group; only a number tells.
    private func checkGroupsAreKnown() throws(PollFailure) {
        guard lists.groups == nil, let refusal = refusals["Groups"] else { return }
        let numbers = Set((lists.queues ?? []).map(\.number) + (lists.ringGroups ?? []).map(\.number))
        guard settings.groups.allSatisfy(numbers.contains) else { throw refusal }
    }

    /// Whether there is something of that name or number; its members are watched then.
    private mutating func watch(_ name: String, preferringQueues: Bool) async throws(PollFailure) -> Bool {
        var found = targets.filter { $0.texts.contains(name) }
        if found.isEmpty {
            let folded = name.lowercased()
            found = targets.filter { $0.texts.contains { $0.lowercased() == folded } }
        }
        let preferred = preferringQueues ? found.first { if case .group = $0 { false } else { true } } : nil
        guard let target = preferred ?? found.first else { return false }
        let others = Set(found.map(\.kind)).subtracting([target.kind])
        if !others.isEmpty {
            said.notices.append(
                Notice(
                    .info,
                    "\(name) is a \(target.kind), and a \(others.sorted().joined(separator: ", and a ")) as well: the "
                        + "\(target.kind) is watched", remedy: "give the other by its number"))
        }
        try await watch(target, name)
        return true
    }

    private mutating func watch(_ target: Target, _ name: String) async throws(PollFailure) {
        switch target {
        case .group(let group):
            let path = "Groups(\(group.id))/Members"
            guard let members = try await members(path) else {
                throw refusals[path] ?? xapi.failure(.malformedAnswer, "no members", path, remedy: xapi.access.remedy)
            }
            if members.isEmpty {
                said.warn(.phoneSystem, "group \(name) has no members", remedy: "add members to it in 3CX")
            }
            for member in members { watchMember(member) }
        case .queue(let queue):
            dialPlan.watchQueue(queue.number)
            try await watchAgents("Queues", "Agents", of: queue)
        case .ringGroup(let ringGroup):
            dialPlan.watchQueue(ringGroup.number)
            try await watchAgents("RingGroups", "Members", of: ringGroup)
        }
    }

    /// A queue without its agents is still worth watching: who waits in it is seen.
    private mutating func watchAgents(
        _ list: String, _ agents: String, of station: XAPIMessages.Station
    ) async throws(PollFailure) {
        let path = "\(list)(\(station.id ?? 0))/\(agents)"
        guard station.id != nil, let members = try await members(path) else {
            said.warn(
                .phoneSystem,
                "the agents of \(station.number) cannot be read, so that only the calls that reach \(station.number) "
                    + "itself are watched", remedy: xapi.access.remedy)
            return
        }
        for member in members { watchMember(member) }
    }

    /// `nil` if they cannot be read and never could.
    private mutating func members(_ path: String) async throws(PollFailure) -> [XAPIMessages.Station]? {
        switch try await xapi.list(XAPIMessages.Station.self, path) {
        case .success(let list):
            if list.unreadableCount > 0 {
                said.warn(
                    .phoneSystem,
                    "\(xapi.place(path)): \(list.unreadableCount) of \(list.rows.count) members cannot be read; they "
                        + "are not watched",
                    remedy: StandingWarning.report)
            }
            lists.members[path] = list.readable
        case .failure(let failure):
            lists.members[path] = previous?.lists.members[path]
            try refuse(path, failure, wasKnown: lists.members[path] != nil)
        }
        return lists.members[path]
    }

    /// A server error says nothing about what may be read: the whole load is to be tried again soon.
    private mutating func refuse(_ path: String, _ failure: PollFailure, wasKnown: Bool) throws(PollFailure) {
        guard failure.kind != .unreachable else { throw failure }
        refusals[path] = failure
        guard wasKnown else { return }
        said.warn(
            .phoneSystem, "\(xapi.place(path)) can no longer be read, what was read before stays: \(failure.what)",
            remedy: failure.remedy)
    }

    private mutating func watchMember(_ member: XAPIMessages.Station) {
        let known = dialPlan.entries[member.number]
        // Agents come without a type; a member of a type that says nothing is no DN to watch.
        let kind = member.type == nil ? known?.kind ?? .extension : XAPIMessages.kind(ofType: member.type)
        guard let kind else { return }
        dialPlan.entries[member.number] = DialPlan.Entry(kind: kind, name: known?.name ?? member.name)
        switch kind {
        case .extension, .queue, .ringGroup: dialPlan.monitored.insert(member.number)
        case .trunk, .ivr, .voicemail, .other: break
        }
    }

    /// Where the lists do not know the number the operator does; anything that 3CX says is an extension is still his
    /// queue.
    private func isQueueByItsNumber(_ number: String) -> Bool {
        guard number.isDigits else { return false }
        return lists.queues == nil || dialPlan.entries[number] != nil
    }

    // MARK: - Missing names

    private mutating func report(_ missing: [(key: String, name: String)]) throws(PollFailure) {
        // With a list unread it cannot be told whether the name is wrong.
        for path in ["Groups", "Queues", "RingGroups"] {
            if let refusal = refusals[path] { throw refusal }
        }
        let names = missing.map(\.name).joined(separator: ", ")
        let what = "3CX has no group, queue or ring group \(names); it has: \(everything)"
        let keys = Set(missing.map(\.key)).sorted().joined(separator: " and ")
        let known = targets.flatMap(\.texts)
        let remedy = "correct \(keys)" + WatchList.hint(missing.map(\.name), known)
        guard missing.count < settings.groups.count + settings.queueExtensions.count else {
            throw xapi.failure(.configuration, what, "Groups", remedy: remedy)
        }
        said.warn(.configuration, what, remedy: remedy)
    }

    private var everything: String {
        let known = ["group", "queue", "ring group"].compactMap { kind -> String? in
            let names = targets.filter { $0.kind == kind }.map { $0.texts.joined(separator: " ") }.sorted().prefix(30)
            return names.isEmpty ? nil : "\(kind)s \(names.joined(separator: ", "))"
        }
        return known.isEmpty ? "none of them" : known.joined(separator: "; ")
    }
}
