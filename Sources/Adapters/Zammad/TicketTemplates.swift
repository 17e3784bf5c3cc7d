import Domain
import FoundationEssentials
import Ports
import Wire

/// What a ticket about a call says, by the operator's templates.
package struct TicketTemplates: Equatable, Sendable {
    package static let defaultTitle = "{cause}: {number}"
    package static let defaultBody = """
        {cause}
        Number: {number}
        Name: {name}
        Time: {time}
        Duration: {duration}
        Agent: {agent}
        Queue: {queue}
        Call: {call}
        """

    /// In characters; Zammad cuts longer titles.
    static let longestTitle = 250

    private let title: String
    private let body: String

    package init(title: String? = nil, body: String? = nil) {
        self.title = title ?? Self.defaultTitle
        self.body = body ?? Self.defaultBody
    }

    func title(_ call: EndedCall) -> String {
        let values = Self.values(of: call)
        var text = Self.filled(title, values).withoutControlCharacters
        // A template may name only what this call does not have, and Zammad refuses a ticket without a title.
        if text.allSatisfy(\.isWhitespace) { text = Self.filled(Self.defaultTitle, values).withoutControlCharacters }
        return String(text.prefix(Self.longestTitle))
    }

    /// Lines that name something which this call does not have are left out; with none left, those that are used
    /// without a template.
    func body(_ call: EndedCall) -> String {
        let values = Self.values(of: call)
        let text = Self.lines(of: body, values)
        return text.allSatisfy(\.isWhitespace) ? Self.lines(of: Self.defaultBody, values) : text
    }

    private static func lines(of body: String, _ values: [String: String]) -> String {
        body.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { line in !values.contains { $0.value.isEmpty && line.contains("{\($0.key)}") } }
            .map { filled(String($0), values) }
            .joined(separator: "\n")
    }

    /// In one pass, so that nothing in a caller's name is taken for a placeholder.
    private static func filled(_ template: String, _ values: [String: String]) -> String {
        var text = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            text += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: "}"),
                let value = values[String(rest[open...].dropFirst().prefix(upTo: close))]
            else {
                text += "{"
                rest = rest.dropFirst()
                continue
            }
            text += value
            rest = rest[close...].dropFirst()
        }
        return text + rest
    }

    private static func values(of call: EndedCall) -> [String: String] {
        let seconds = max(0, (call.endedAt - call.startedAt).milliseconds / 1000)
        let remainder = seconds % 60
        return [
            "number": shown(call.number),
            "name": call.name ?? "",
            "time": TimeText.words(call.startedAt),
            "agent": call.agent?.label ?? "",
            "queue": call.queue?.label ?? "",
            "cause": cause(of: call),
            "duration": "\(seconds / 60):\(remainder < 10 ? "0" : "")\(remainder)",
            "call": call.callID.text,
        ]
    }

    /// Digits with country code get the plus back with which people dial them.
    private static func shown(_ number: String) -> String {
        number.utf8.count >= 8 && !number.hasPrefix("0") && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
            ? "+\(number)" : number
    }

    private static func cause(of call: EndedCall) -> String {
        switch (call.direction, call.outcome) {
        case (.inbound, .missed), (.inbound, .abandoned), (.inbound, .blocked): "Missed call"
        case (.inbound, .voicemail): "Voice message"
        case (.inbound, .answered): "Call"
        case (.outbound, .answered): "Outgoing call"
        case (.outbound, _): "Outgoing call without an answer"
        }
    }
}
