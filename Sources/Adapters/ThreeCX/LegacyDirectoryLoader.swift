import Domain
import Ports
import Wire

/// Reads what a 3CX before v20 tells about its DNs: the members of the watched groups, and the lists where they may be
/// read.
struct LegacyDirectoryLoader {
    static let groupsPath = "/api/GroupList"
    /// Opens a group, with the first of its members.
    static let openGroupPath = "/api/GroupList/set"
    /// Gives the next ones.
    static let nextMembersPath = "/api/edit/update"

    private let session: LegacySession
    private let requests: PhoneSystemRequests
    private let settings: BridgeConfiguration.PhoneSystem
    private var dialPlan: DialPlan
    private var said = DirectoryWords()
    /// Whether the lists of queues and of ring groups were both read.
    private var knowsQueues = false
    private var knowsExtensions = false

    init(_ session: LegacySession, _ requests: PhoneSystemRequests, settings: BridgeConfiguration.PhoneSystem) {
        self.session = session
        self.requests = requests
        self.settings = settings
        dialPlan = DialPlan(settings)
    }

    /// `previous`: what was known before, kept where a list cannot be read this time.
    mutating func load(previous: DialPlan?) async throws(PollFailure) -> PhoneSystemDirectory {
        try await loadGroups()
        try await loadLists(previous: previous)
        watchRingGroups()
        addConfiguredQueues()
        return PhoneSystemDirectory(dialPlan: dialPlan, said: said, listsExtensions: knowsExtensions)
    }

    // MARK: - Groups

    private mutating func loadGroups() async throws(PollFailure) {
        guard !settings.groups.isEmpty else { return }
        let path = Self.groupsPath
        let response = try await session.send(.get, path)
        let groups = try requests.decode(LegacyMessages.List<LegacyMessages.Group>.self, response, .get, path)
            .readable
        var missing: [String] = []
        for name in settings.groups {
            guard let group = Self.find(name, in: groups) else {
                missing.append(name)
                continue
            }
            let (members, count) = try await members(of: group)
            if members.count < count {
                said.warn(
                    .phoneSystem,
                    "3CX gave \(members.count) of the \(count) members of group \(name); the others are not "
                        + "watched",
                    remedy: StandingWarning.report)
            }
            if members.isEmpty {
                said.warn(.phoneSystem, "group \(name) has no members", remedy: "add members to it in 3CX")
            }
            for member in members {
                dialPlan.entries[member.number] = DialPlan.Entry(kind: .extension, name: member.name)
                dialPlan.monitored.insert(member.number)
            }
        }
        guard !missing.isEmpty else { return }
        let known = groups.map(\.name).sorted().prefix(30).joined(separator: ", ")
        let what = "3CX has no group \(missing.joined(separator: ", ")); its groups are: \(known)"
        let remedy = "correct 3CX.group" + WatchList.hint(missing, groups.map(\.name))
        guard missing.count < settings.groups.count else {
            throw requests.failure(.configuration, what, .get, path, remedy: remedy)
        }
        said.warn(.configuration, what, remedy: remedy)
    }

    private static func find(_ name: String, in groups: [LegacyMessages.Group]) -> LegacyMessages.Group? {
        groups.first { $0.name == name } ?? groups.first { $0.name.lowercased() == name.lowercased() }
    }

    /// `count`: how many there are, by what 3CX says or has sent.
    private func members(
        of group: LegacyMessages.Group
    ) async throws(PollFailure) -> (members: [LegacyMessages.Member], count: Int) {
        let path = Self.openGroupPath
        let response = try await session.send(.post, path, body: LegacyMessages.openGroup(group.id).bytes)
        let opened = try requests.decode(LegacyMessages.OpenedGroup.self, response, .post, path)
        let first = opened.activeObject.members
        let count = first.count?.text.flatMap { Int($0) }
        var members = first.selected.compactMap(\.value)
        var received = first.selected.count
        var numbers = Set(members.map(\.number))
        // By pages of about ten. Without a count the end is an empty page; a page that brings nothing new ends it
        // as well.
        for _ in 0..<1000 where received > 0 {
            if let count, received >= count { break }
            let page = try await page(of: opened.objectID.text ?? "", from: received)
            let new = page.compactMap(\.value).filter { numbers.insert($0.number).inserted }
            guard !page.isEmpty, !new.isEmpty else { break }
            members += new
            received += page.count
        }
        return (members, count ?? received)
    }

    private func page(
        of objectID: String, from start: Int
    ) async throws(PollFailure) -> [LossyElement<LegacyMessages.Member>] {
        let path = Self.nextMembersPath
        let body = LegacyMessages.members(of: objectID, from: start)
        let response = try await session.send(.post, path, body: body.bytes)
        let items = try requests.decode([LegacyMessages.UpdatedItem].self, response, .post, path)
        return items.lazy.compactMap(\.item?.members).first?.selected ?? []
    }

    // MARK: - Lists

    /// The lists make the digit counts unnecessary, but not every account may read them.
    private mutating func loadLists(previous: DialPlan?) async throws(PollFailure) {
        let lists: [(path: String, kind: DNKind)] = [
            ("/api/TrunkList", .trunk), ("/api/QueueList", .queue), ("/api/RingGroupList", .ringGroup),
            ("/api/IVRList", .ivr), ("/api/ExtensionList", .extension),
        ]
        var unreadable: [String] = []
        for (path, kind) in lists {
            if let rows = try await stations(path) {
                for row in rows where !row.number.isEmpty && dialPlan.entries[row.number] == nil {
                    dialPlan.entries[row.number] = DialPlan.Entry(kind: kind, name: row.name)
                }
                if kind == .trunk { dialPlan.knowsTrunks = !rows.isEmpty }
            } else {
                unreadable.append(path)
                dialPlan.keep(kind, from: previous)
            }
        }
        knowsExtensions = !unreadable.contains("/api/ExtensionList")
        knowsQueues = !unreadable.contains("/api/QueueList") && !unreadable.contains("/api/RingGroupList")
        if !unreadable.isEmpty {
            said.notices.append(
                Notice(
                    .info,
                    "3CX does not let this account read \(unreadable.joined(separator: ", ")); "
                        + "the bridge goes by extension_digits and trunk_digits instead"))
        }
    }

    /// `nil` if the PBX does not give the list. No answer at all says nothing about the account and ends the load.
    private func stations(_ path: String) async throws(PollFailure) -> [LegacyMessages.Station]? {
        let response = try await session.sendOnce(.get, path)
        do {
            return try requests.decode(
                LegacyMessages.List<LegacyMessages.Station>.self, response, .get, path
            ).readable
        } catch {
            return nil
        }
    }

    /// While a ring group rings its row may show nothing but the group, and whose it is 3CX does not say: a call
    /// that nobody answers would never be seen at a member of the watched groups. `3CX.exclude` leaves out those of
    /// others.
    private mutating func watchRingGroups() {
        guard !dialPlan.monitored.isEmpty else { return }
        dialPlan.watchAll([.ringGroup])
    }

    private mutating func addConfiguredQueues() {
        for queue in settings.queueExtensions {
            if dialPlan.entries[queue] == nil, knowsQueues { reportMissing(queue) }
            dialPlan.watchQueue(queue)
        }
    }

    private mutating func reportMissing(_ queue: String) {
        let queues = dialPlan.stations([.queue, .ringGroup])
        let names = queues.prefix(30).map { [$0.number, $0.name].compactMap { $0 }.joined(separator: " ") }
            .joined(separator: ", ")
        said.warn(
            .configuration, "3CX has no queue or ring group \(queue); it has: \(names.isEmpty ? "none" : names)",
            remedy: "correct 3CX.queue_extension" + WatchList.hint([queue], queues.map(\.number)))
    }
}
