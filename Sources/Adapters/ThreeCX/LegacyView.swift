import Domain
package import Ports

/// The active calls of a 3CX before v20, as its web administration lists them: whole calls, the whole PBX.
package actor LegacyView: PhoneSystemView {
    package let name = "legacy (web administration, before v20)"

    private let settings: PhoneSystemSettings
    private let requests: PhoneSystemRequests
    private let session: LegacySession
    private let clock: any Clock
    private var directory: LegacyDirectory?
    private var directoryDue: Instant?
    private var notices = SaidOnce()
    private var last: (body: ArraySlice<UInt8>, dialPlan: DialPlan, calls: [ObservedCall])?

    private let path = "/api/activeCalls"

    /// `nil` without user and password.
    package init?(settings: PhoneSystemSettings, transport: any HTTPTransport, clock: any Clock) {
        guard let user = settings.phoneSystem.user, let password = settings.phoneSystem.password else { return nil }
        self.settings = settings
        self.clock = clock
        requests = PhoneSystemRequests(settings, transport)
        session = LegacySession(requests: requests, user: user, password: password)
    }

    package func look() async throws(LookFailure) -> Look {
        let dialPlan = try await currentDialPlan()
        let response = try await session.send(.get, path)
        let takenAt = clock.now()
        // The answer begins with the server's time, which changes with every look; the list is what counts.
        let content = Self.list(in: response.body)
        if response.status == 200, let last, last.body == content, last.dialPlan == dialPlan {
            return Look(snapshot: CallSnapshot(takenAt: takenAt, calls: last.calls), notices: notices.take())
        }
        let list = try requests.decode(LegacyMessages.List<ActiveCallRow>.self, response, .get, path)
        let calls = list.readable.map { $0.observedCall(dialPlan) }
        let unreadable = list.unreadableCount
        if unreadable > 0 {
            notices.add(
                Notice(
                    .warning,
                    "\(requests.place(.get, path)): \(unreadable) of \(list.rows.count) rows cannot be read; no call ends while it is so"
                ))
        }
        for row in list.readable where !row.hasKnownStatus {
            notices.add(Notice(.info, "unknown call status \(row.status.prefix(40)); taken as still there"))
        }
        let snapshot = CallSnapshot(takenAt: takenAt, calls: calls, isComplete: unreadable == 0)
        last = unreadable == 0 ? (content, dialPlan, snapshot.calls) : nil
        return Look(snapshot: snapshot, notices: notices.take())
    }

    /// The dial plan, loaded anew every `group_refresh`. A failed reload keeps the old one: calls matter more.
    private func currentDialPlan() async throws(LookFailure) -> DialPlan {
        let now = clock.now()
        if let directory, let directoryDue, now < directoryDue { return directory.dialPlan }
        do {
            let loaded = try await LegacyDirectory.load(
                session, requests, settings: settings.phoneSystem, previous: directory?.dialPlan)
            for notice in loaded.notices { notices.add(notice) }
            if loaded.dialPlan.monitored != directory?.dialPlan.monitored {
                let watched = loaded.dialPlan.monitored.sorted { PBXCallID($0) < PBXCallID($1) }.prefix(100)
                notices.add(Notice(.info, "watching \(watched.joined(separator: ", "))"))
            }
            directory = loaded
            directoryDue = now + settings.groupRefresh
            return loaded.dialPlan
        } catch {
            guard let directory, error.kind != .cancelled else { throw error }
            notices.add(Notice(.warning, "groups and lists could not be reloaded, the old ones stay: \(error)"))
            directoryDue = now + min(settings.groupRefresh, .seconds(30))
            return directory.dialPlan
        }
    }

    private static func list(in body: [UInt8]) -> ArraySlice<UInt8> {
        let key = Array("\"list\"".utf8)
        // It stands within the first bytes, behind the server's time.
        for start in body.indices.prefix(200) where body[start...].starts(with: key) { return body[start...] }
        return body[...]
    }
}
