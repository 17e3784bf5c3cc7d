import Adapters
import Domain
import Played
import Wire

/// Says what happens in a demo: data on stdout, hints on stderr.
struct DemoPrinter: Sendable {
    let json: Bool
    let colours: Bool

    private struct Start: Encodable {
        var kind = "started"
        var statusPage: String
        var stateDirectory: String
    }

    private struct Call: Encodable {
        var call: String
        var direction: String
        var from: String
        var to: String
        var customer: String?
        var agent: String?
        var state: String
        var isToDo: Bool
        var startedAt: String
        var answeredAt: String?
        var endedAt: String?
    }

    private struct CallerLog: Encodable {
        var kind = "callerLog"
        var toDos: Int
        var calls: [Call]
    }

    /// - Returns: whether somebody reads, as the others.
    func started(url: String, stateDirectory: String) -> Bool {
        guard !json else { return printJSON(Start(statusPage: "\(url)/", stateDirectory: stateDirectory)) }
        let isRead = StandardStreams.printLine("Status page: \(url)/\n")
        StandardStreams.printRemark(
            """
            The phone system, the helpdesk and the calls are made up; the bridge is the real one. \
            Times are in \(LocalTime.zone(SystemClock().now())). Ctrl-C ends it. Elsewhere try:
              zammadbridge status --url \(url)
              zammadbridge tap --url \(url)

            """)
        return isRead
    }

    func saw(_ event: HelpdeskEvent) -> Bool {
        json ? printJSON(event) : StandardStreams.printLine(HelpdeskLine(event: event, colours: colours).text)
    }

    /// How to look at a call; `false` for an event of nobody who shows a number.
    func tip(_ event: HelpdeskEvent, stateDirectory: String) -> Bool {
        guard let number = event.number, number != NumberPlan.anonymous else { return false }
        guard !json else { return true }
        StandardStreams.printRemark(
            "  (zammadbridge explain \(number) --show-numbers --state-dir \(stateDirectory) tells all about this call)")
        return true
    }

    func callerLog(_ rows: [ZammadRow]) -> Bool {
        guard json else {
            return StandardStreams.printLine("\n" + CallerLogTable(rows: rows, colours: colours).text())
        }
        return printJSON(CallerLog(toDos: rows.count(where: \.isMissed), calls: rows.map(Self.call)))
    }

    private static func call(_ row: ZammadRow) -> Call {
        func time(_ milliseconds: Int64) -> String { TimeText.precise(Instant(milliseconds: milliseconds)) }
        return Call(
            call: row.callID, direction: row.direction, from: row.from, to: row.to, customer: row.customer,
            agent: row.direction == "in" ? row.toComment : row.fromComment, state: row.state.rawValue,
            isToDo: row.isMissed, startedAt: time(row.initializedAt), answeredAt: row.startAt.map(time),
            endedAt: row.endAt.map(time))
    }

    private func printJSON(_ value: some Encodable) -> Bool {
        do {
            return StandardStreams.printLine(String(decoding: try FixtureJSON.encode(value), as: UTF8.self))
        } catch {
            StandardStreams.printRemark("error: what happened cannot be written as JSON: \(error)")
            return true
        }
    }
}
