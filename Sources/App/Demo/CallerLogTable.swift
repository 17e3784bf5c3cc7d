import Adapters
import Domain
import Played
import Ports

/// Zammad's caller log as a table, with what is still to do.
struct CallerLogTable {
    /// As many as Zammad shows.
    static let mostRows = 60
    private static let widest = 34

    let rows: [ZammadRow]
    let colours: Bool

    func text() -> String {
        guard !rows.isEmpty else { return "Zammad’s caller log is empty." }
        let toDos = rows.count(where: \.isMissed)
        let shown = rows.suffix(Self.mostRows)
        let calls = rows.count == 1 ? "1 call" : "\(rows.count) calls"
        var lines = ["Zammad’s caller log: \(calls), \(toDos == 0 ? "nobody" : "\(toDos)") to call back", ""]
        let cells = [["", "from", "to", "state", "length", ""]] + shown.map(Self.cells)
        let widths = (0..<6).map { column in cells.map { $0[column].count }.max() ?? 0 }
        for (index, row) in cells.enumerated() {
            let line = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(
                separator: "  ")
            lines.append(styled("  " + line.trimmingEnd, isHead: index == 0, isToDo: row[5] == Self.toDo))
        }
        if rows.count > shown.count { lines.append("  … and \(rows.count - shown.count) earlier") }
        return lines.joined(separator: "\n")
    }

    private static let toDo = "● call back"

    private func styled(_ line: String, isHead: Bool, isToDo: Bool) -> String {
        guard isHead || isToDo else { return line }
        return TerminalText(hasColours: colours).styled(line, isHead ? "2" : "31;1")
    }

    private static func cells(_ row: ZammadRow) -> [String] {
        let isInbound = row.direction == "in"
        let outside = row.customer.map { "\($0) \(isInbound ? row.from : row.to)" } ?? (isInbound ? row.from : row.to)
        let inside = isInbound ? row.toComment ?? row.to : row.fromComment ?? row.from
        let length = row.startAt.map { DurationWords.clock(milliseconds: (row.endAt ?? $0) - $0) } ?? ""
        return [
            LocalTime.text(milliseconds: row.initializedAt), short(isInbound ? outside : inside),
            short(isInbound ? inside : outside), state(row), row.endAt == nil ? "" : length, row.isMissed ? toDo : "",
        ]
    }

    private static func state(_ row: ZammadRow) -> String {
        switch row.state {
        case .newCall: "ringing"
        case .answer: "talking"
        case .hangup where row.isMissed: row.startAt == nil ? "missed" : "message"
        case .hangup: row.startAt == nil ? "no answer" : "answered"
        }
    }

    private static func short(_ text: String) -> String {
        let text = text.withoutControlCharacters
        return text.count > widest ? text.prefix(widest - 1) + "…" : text
    }
}

extension String {
    fileprivate var trimmingEnd: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
