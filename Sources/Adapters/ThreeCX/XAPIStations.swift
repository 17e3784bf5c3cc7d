import Domain
import Ports

/// The lists of XAPI that say what a DN is. Each of them may be forbidden.
struct XAPIStations {
    private let xapi: XAPIRequests
    private let settings: BridgeConfiguration.PhoneSystem
    private let previous: XAPIDirectory?
    private(set) var dialPlan: DialPlan
    private(set) var emails: [String: String] = [:]
    private(set) var said = DirectoryWords()
    /// `nil` if the list could not be read, now or before.
    private(set) var queues: [XAPIMessages.Station]?
    private(set) var ringGroups: [XAPIMessages.Station]?
    /// Why lists could not be read, by path.
    private(set) var refusals: [String: PollFailure] = [:]

    init(xapi: XAPIRequests, settings: BridgeConfiguration.PhoneSystem, previous: XAPIDirectory?) {
        self.xapi = xapi
        self.settings = settings
        self.previous = previous
        dialPlan = DialPlan(settings)
    }

    mutating func load() async throws(PollFailure) {
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
        queues = try await stations("Queues", .queue, select: select) ?? previous?.lists.queues
        ringGroups = try await stations("RingGroups", .ringGroup, select: select) ?? previous?.lists.ringGroups
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
        switch try await xapi.object(XAPIMessages.SystemParameters.self, path) {
        case .success(let parameters): dialPlan.extensionDigits = parameters.extensionDigits
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
