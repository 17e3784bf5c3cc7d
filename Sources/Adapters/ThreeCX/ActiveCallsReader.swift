import Domain
import FoundationEssentials
import Ports

/// Makes snapshots of lists of active calls, and knows the last list again without decoding it.
struct ActiveCallsReader: Sendable {
    /// Whether names from the PBX's lists are taken before those in the rows, which v20 writes `Doe, John`.
    private let prefersListedNames: Bool
    private var last: (content: [UInt8], dialPlan: DialPlan, calls: [ObservedCall])?
    /// The rows of each page of the last list.
    private(set) var knownRows: [KnownElements<ObservedCall>] = []
    /// What `knownRows` was made with.
    private var rowsPlan: DialPlan?

    /// More are read anew each time: somebody sends nonsense.
    private static let mostKnownPages = 100

    init(prefersListedNames: Bool = false) {
        self.prefersListedNames = prefersListedNames
    }

    /// The calls of the last list, if this one is the same to the letter and was complete.
    func known(_ content: [UInt8], _ dialPlan: DialPlan) -> [ObservedCall]? {
        guard let last, last.content == content, last.dialPlan == dialPlan else { return nil }
        return last.calls
    }

    /// The calls of a list of the interface before v20, of which the rows that are known are not decoded.
    ///
    /// - Parameters:
    ///   - content: What `known` is to know again.
    ///   - list: The whole answer, with the rows as the value of `list`.
    /// - Returns: `nil` if it takes more than that: the answer has to be decoded whole, which shows what is wrong with it.
    mutating func calls(
        _ content: [UInt8], list: [UInt8], _ dialPlan: DialPlan, notices: inout SaidOnce
    ) -> [ObservedCall]? {
        guard let calls = rows(of: "list", in: list, page: 0, dialPlan, notices: &notices) else { return nil }
        let snapshot = CallSnapshot(takenAt: Instant(milliseconds: 0), calls: calls)
        last = (content, dialPlan, snapshot.calls)
        return snapshot.calls
    }

    /// One page of a list of XAPI, of which the rows that are known are not decoded.
    ///
    /// - Parameters:
    ///   - number: From 0.
    ///   - content: The answer, without the server's time.
    /// - Returns: `nil` if it takes more than that, as for `calls`.
    mutating func page(
        _ number: Int, _ content: [UInt8], _ dialPlan: DialPlan, notices: inout SaidOnce
    ) -> XAPIMessages.Page<ObservedCall>? {
        guard number < Self.mostKnownPages else { return nil }
        var page: XAPIMessages.Page<ObservedCall>?
        let calls = rows(
            of: "value", in: content, page: number,
            frame: { frame in
                do {
                    page = try JSONDecoder().decode(XAPIMessages.Page<ObservedCall>.self, from: frame)
                } catch {
                    page = nil
                }
                return page != nil
            }, dialPlan, notices: &notices)
        return calls.map {
            XAPIMessages.Page(rows: $0.map { LossyElement($0) }, nextLink: page?.nextLink, count: page?.count)
        }
    }

    private mutating func rows(
        of key: String, in list: [UInt8], page: Int, frame: (Data) -> Bool = KnownElements<ObservedCall>.isJSON,
        _ dialPlan: DialPlan, notices: inout SaidOnce
    ) -> [ObservedCall]? {
        let list = WireJSON.repaired(list)
        if rowsPlan != dialPlan {
            knownRows = []
            rowsPlan = dialPlan
        }
        while knownRows.count <= page { knownRows.append(KnownElements()) }
        do {
            let decoder = JSONDecoder()
            return try knownRows[page].values(of: key, in: list, frame: frame) {
                [prefersListedNames] data in
                let row = try decoder.decode(ActiveCallRow.self, from: data)
                Self.note(row, in: &notices)
                return Self.call(row, dialPlan, prefersListedNames: prefersListedNames)
            }
        } catch {
            return nil
        }
    }

    /// The calls of decoded rows, unreadable ones included.
    func calls(
        _ rows: [LossyElement<ActiveCallRow>], _ dialPlan: DialPlan, notices: inout SaidOnce
    ) -> [LossyElement<ObservedCall>] {
        for row in rows.compactMap(\.value) { Self.note(row, in: &notices) }
        return rows.map { row in
            LossyElement(row.value.map { Self.call($0, dialPlan, prefersListedNames: prefersListedNames) })
        }
    }

    /// The snapshot that a whole list makes.
    ///
    /// - Parameters:
    ///   - pages: On how many it was; what is known of more of them is forgotten.
    ///   - content: What `known` is to know again, if it was on one page.
    ///   - place: Where the list comes from, for the log.
    mutating func snapshot(
        _ rows: [LossyElement<ObservedCall>], pages: Int = 1, _ content: [UInt8], _ dialPlan: DialPlan,
        takenAt: Instant, place: String, notices: inout SaidOnce
    ) -> CallSnapshot {
        let readable = rows.compactMap(\.value)
        let unreadable = rows.count - readable.count
        if unreadable > 0 {
            notices.add(
                Notice(
                    .warning,
                    "\(place): \(unreadable) of \(rows.count) rows cannot be read; no call ends for 30 s, and after that "
                        + "none of theirs"))
        }
        var snapshot = CallSnapshot(takenAt: takenAt, calls: readable, isComplete: unreadable == 0)
        snapshot.unreadableRows = unreadable
        last = pages == 1 && unreadable == 0 ? (content, dialPlan, snapshot.calls) : nil
        knownRows.removeLast(max(0, knownRows.count - pages))
        return snapshot
    }

    private static func note(_ row: ActiveCallRow, in notices: inout SaidOnce) {
        guard !row.hasKnownStatus else { return }
        notices.add(Notice(.info, "unknown call status \(row.status.prefix(40)); taken as still there"))
    }

    private static func call(
        _ row: ActiveCallRow, _ dialPlan: DialPlan, prefersListedNames: Bool
    ) -> ObservedCall {
        var call = row.observedCall(dialPlan)
        guard prefersListedNames else { return call }
        for index in call.legs.indices {
            call.legs[index].name = dialPlan.name(of: call.legs[index].dn) ?? call.legs[index].name
        }
        return call
    }
}
