/// Takes a `text/event-stream` apart, in whatever pieces it comes.
struct ServerSentEventParser {
    struct Event: Equatable {
        var name: String
        var data: String
    }

    struct TooLong: Error {}

    /// Of one event; a longer one is no event of a bridge.
    private static let longest = 4 << 20

    private var line: [UInt8] = []
    private var name = ""
    private var data: [String] = []
    private var size = 0

    /// The events that are complete with these bytes.
    mutating func feed(_ bytes: some Sequence<UInt8>) throws(TooLong) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                size += 1
                guard size <= Self.longest else { throw TooLong() }
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if let event = endLine() { events.append(event) }
            line = []
        }
        return events
    }

    /// An empty line ends an event; lines that begin with a colon, and fields that are not known, say nothing.
    private mutating func endLine() -> Event? {
        if line.isEmpty {
            defer { (name, data, size) = ("", [], 0) }
            return data.isEmpty ? nil : Event(name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n"))
        }
        let text = String(decoding: line, as: UTF8.self)
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
            size = data.reduce(0) { $0 + $1.utf8.count }
            return nil
        }
        var value = text[text.index(after: colon)...]
        if value.hasPrefix(" ") { value = value.dropFirst() }
        switch text[..<colon] {
        case "event": name = String(value)
        case "data": data.append(String(value))
        default: break
        }
        return nil
    }
}
