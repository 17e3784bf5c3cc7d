import Domain
import Ports

/// Reads what XAPI tells about the DNs of a 3CX v20: first the lists that say what a DN is, each of which may be
/// forbidden, then which DNs are watched (XAPIDirectoryLoader+Watch).
struct XAPIDirectoryLoader {
    let xapi: XAPIRequests
    let settings: BridgeConfiguration.PhoneSystem
    let previous: PhoneSystemDirectory?
    var dialPlan: DialPlan
    private var emails: [String: String] = [:]
    var said = DirectoryWords()
    var lists = XAPILists()
    /// Why lists could not be read, by path.
    var refusals: [String: PollFailure] = [:]
    /// What the configuration can name.
    var targets: [Target] = []

    /// `previous`: what was known before, kept where a list cannot be read this time.
    init(_ xapi: XAPIRequests, settings: BridgeConfiguration.PhoneSystem, previous: PhoneSystemDirectory?) {
        self.xapi = xapi
        self.settings = settings
        self.previous = previous
        dialPlan = DialPlan(settings)
    }

    /// Throws if nothing answers, or if it cannot be told what to watch.
    mutating func load() async throws(PollFailure) -> PhoneSystemDirectory {
        try await loadStations()
        try await watch()
        return PhoneSystemDirectory(
            dialPlan: dialPlan, said: said, listsExtensions: refusals["Users"] == nil, emails: emails, lists: lists)
    }

    private mutating func loadStations() async throws(PollFailure) {
        try await loadUsers()
        // Only where a rule asks for them: a list of numbers may be long.
        let trunks = try await stations(
            "Trunks", .trunk, select: ["Id", "Number"] + (settings.readsDIDs ? ["DidNumbers"] : []))
        if let trunks {
            for trunk in trunks where trunk.didNumbers.count == 1 { dialPlan.dids[trunk.number] = trunk.didNumbers[0] }
        } else {
            dialPlan.dids = previous?.dialPlan.dids ?? [:]
        }
        let select = ["Id", "Number", "Name"]
        lists.queues = try await stations("Queues", .queue, select: select) ?? previous?.lists.queues
        lists.ringGroups = try await stations("RingGroups", .ringGroup, select: select) ?? previous?.lists.ringGroups
        try await loadPeers()
        try await loadExtensionLength()
        guard !refusals.isEmpty else { return }
        said.notices.append(
            Notice(
                .info,
                "3CX does not let this account read \(refusals.keys.sorted().joined(separator: ", ")); "
                    + "the bridge goes by extension_digits and trunk_digits instead"))
    }

    private mutating func loadUsers() async throws(PollFailure) {
        let select = ["Id", "Number", "FirstName", "LastName", "EmailAddress", "DisplayName"]
        guard let users = try await stations("Users", .extension, select: select) else {
            emails = previous?.emails ?? [:]
            return
        }
        for user in users { emails[user.number] = user.email }
    }

    /// All DNs with their kinds: without it an IVR would pass for an extension by its digits.
    private mutating func loadPeers() async throws(PollFailure) {
        guard let peers = try await read("Peers", select: ["Id", "Number", "Name", "Type"]) else {
            for kind in [DNKind.ivr, .other] { dialPlan.keep(kind, from: previous?.dialPlan) }
            for (dn, entry) in previous?.dialPlan.entries ?? [:] where dialPlan.entries[dn]?.name == nil {
                dialPlan.entries[dn]?.name = entry.name
            }
            return
        }
        for peer in peers {
            guard let kind = XAPIMessages.kind(ofType: peer.type) else { continue }
            add(peer, kind)
            if kind == .trunk { dialPlan.knowsTrunks = true }
        }
    }

    private mutating func loadExtensionLength() async throws(PollFailure) {
        guard settings.extensionDigits == nil else { return }
        let path = "Defs/Pbx.GetSystemParameters()"
        switch try await xapi.fields(path) {
        case .success(let parameters):
            dialPlan.extensionDigits = parameters.number("ENL").flatMap { (1...20).contains($0) ? $0 : nil }
        case .failure(let failure):
            refusals[path] = failure
            dialPlan.extensionDigits = previous?.dialPlan.extensionDigits
        }
    }

    private mutating func stations(
        _ path: String, _ kind: DNKind, select: [String]
    ) async throws(PollFailure) -> [XAPIMessages.Station]? {
        guard let rows = try await read(path, select: select) else {
            dialPlan.keep(kind, from: previous?.dialPlan)
            return nil
        }
        for row in rows { add(row, kind) }
        if kind == .trunk { dialPlan.knowsTrunks = !rows.isEmpty }
        return rows
    }

    private mutating func read(
        _ path: String, select: [String]
    ) async throws(PollFailure) -> [XAPIMessages.Station]? {
        switch try await xapi.list(XAPIMessages.Station.self, path, select: select) {
        case .success(let list):
            if list.unreadableCount > 0 {
                said.warn(
                    .phoneSystem,
                    "\(xapi.place(path)): \(list.unreadableCount) of \(list.rows.count) rows cannot be read; they are "
                        + "left out",
                    remedy: StandingWarning.report)
            }
            return list.readable
        case .failure(let failure):
            refusals[path] = failure
            return nil
        }
    }

    /// The first list that names a DN says what it is.
    private mutating func add(_ row: XAPIMessages.Station, _ kind: DNKind) {
        let known = dialPlan.entries[row.number]
        dialPlan.entries[row.number] = DialPlan.Entry(kind: known?.kind ?? kind, name: known?.name ?? row.name)
    }
}
