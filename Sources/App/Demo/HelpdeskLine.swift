import Adapters
import Domain
import Played
import Ports

/// A line of the demo: what the helpdesk sees at that moment.
struct HelpdeskLine {
    private static let width = 9

    let event: HelpdeskEvent
    let colours: Bool

    var text: String {
        "\(LocalTime.text(event.at))  \(kind)  \(event.words.withoutControlCharacters)"
    }

    private var kind: String {
        let (name, code) = Self.kinds(event.kind)
        let padded = name + String(repeating: " ", count: max(0, Self.width - name.count))
        return TerminalText(hasColours: colours).styled(padded, code)
    }

    private static func kinds(_ kind: HelpdeskEvent.Kind) -> (name: String, colour: String) {
        switch kind {
        case .popUp: ("pop-up", "36;1")
        case .dialling: ("dialling", "36")
        case .opened: ("opened", "32;1")
        case .answered: ("answered", "32")
        case .voicemail: ("voicemail", "33")
        case .ended: ("ended", "2")
        case .toDo: ("TO-DO", "31;1")
        case .notAnswered: ("no answer", "2")
        case .outage: ("outage", "35;1")
        }
    }
}
