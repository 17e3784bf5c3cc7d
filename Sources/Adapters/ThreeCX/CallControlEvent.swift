import Domain
import FoundationEssentials
import Wire

/// An event of `/callcontrol/ws` (v20), as far as it concerns participants.
///
/// `{"sequence": 15, "event": {"event_type": 0, "entity": "/callcontrol/101/participants/8106", "attached_data":
/// null}}`
struct CallControlEvent: Equatable, Sendable {
    enum Change: Equatable, Sendable {
        /// The participant is new or has changed; what it is like now may come with the event, and has to be asked
        /// otherwise.
        case upserted(ParticipantKey, CallControlMessages.Participant?)
        case removed(ParticipantKey)
        /// Something that only a full poll can tell: a DN as a whole, or an event that cannot be read.
        case unclear(String)
        /// Nothing that says where calls are; it counts in the sequence only.
        case irrelevant

        /// The participant that it is about.
        var key: ParticipantKey? {
            switch self {
            case .upserted(let key, _), .removed(let key): key
            case .unclear, .irrelevant: nil
            }
        }
    }

    /// Grows by one with each event of a connection, as far as the PBX gives it.
    var sequence: Int64?
    var change: Change

    /// The event in a message; one that cannot be read calls for a poll.
    static func decode(_ message: [UInt8]) -> CallControlEvent {
        let frame: Frame
        do {
            frame = try WireJSON.decode(Frame.self, from: message)
        } catch {
            guard let other = inOtherSpelling(message) else {
                return CallControlEvent(change: .unclear("an event cannot be read: \(error.what)"))
            }
            frame = other
        }
        return CallControlEvent(sequence: frame.sequence?.integer, change: change(frame.event))
    }

    /// With keys in other cases, as the rest of 3CX's interfaces has them (`EventType`); `nil` if they are not the
    /// reason.
    private static func inOtherSpelling(_ message: [UInt8]) -> Frame? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in Key(path.last?.stringValue ?? "") }
        // What is wrong with the message was said by the first attempt.
        return try? decoder.decode(Frame.self, from: Data(WireJSON.repaired(message)))
    }

    private static func change(_ event: Frame.Event) -> Change {
        let entity = Entity(event.entity?.text ?? "")
        switch event.type.text?.lowercased() {
        // "Upset" in the official example: new or changed.
        case "0", "upsert", "upset":
            switch entity {
            case .participant(let key):
                // Null on all PBXs seen (20.0 U8); the official guide promises an answer in it.
                guard let attached = event.attached, attached.participant.id == key.id else {
                    return event.attachedStatus == 404 ? .removed(key) : .upserted(key, nil)
                }
                return attached.participant.isLeg ? .upserted(key, attached.participant) : .removed(key)
            case .station(let dn): return .unclear("\(dn) has changed as a whole")
            case .other: return .irrelevant
            }
        case "1", "remove":
            switch entity {
            case .participant(let key): return .removed(key)
            case .station(let dn): return .unclear("\(dn) has been removed")
            case .other: return .irrelevant
            }
        // DTMF, the end of a prompt, answers to requests that the bridge never makes.
        case "2", "3", "4", "dtmfstring", "promptplaybackfinished", "response": return .irrelevant
        default:
            let type = DisplayName.clean(event.type.text).map { String($0.prefix(40)) } ?? "none"
            return .unclear("an event of a type that is not known (\(type))")
        }
    }

    /// What an event is about, by its path.
    enum Entity: Equatable {
        case participant(ParticipantKey)
        /// A DN, or its list of participants.
        case station(String)
        /// Devices, and all that is not known.
        case other

        init(_ path: String) {
            let parts = path.split(separator: "/", omittingEmptySubsequences: true)
            guard (2...4).contains(parts.count), parts[0].lowercased() == "callcontrol",
                let dn = String(parts[1]).percentDecoded, CallControlMessages.isUsable(dn: dn)
            else {
                self = .other
                return
            }
            switch (parts.count, parts.dropFirst(2).first?.lowercased()) {
            case (2, _), (3, "participants"?): self = .station(dn)
            case (4, "participants"?) where Self.isUsable(id: parts[3]):
                self = .participant(ParticipantKey(dn: dn, id: String(parts[3])))
            default: self = .other
            }
        }

        /// It becomes part of a path again.
        private static func isUsable(id: Substring) -> Bool {
            id.utf8.count <= 40
                && id.utf8.allSatisfy {
                    switch $0 {
                    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                        true
                    default: false
                    }
                }
        }
    }

    /// A key as it is known, by its letters alone.
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ key: String) {
            stringValue = Self.known[Self.folded(key)] ?? key
        }

        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }

        private static func folded(_ key: String) -> String { key.lowercased().filter { $0 != "_" } }

        private static let known: [String: String] = {
            let keys =
                [
                    "sequence", "event", "event_type", "entity", "attached_data", "StatusCode", "Response", "body",
                    "data",
                ]
                + CallControlMessages.Participant.keys
            return Dictionary(keys.map { (folded($0), $0) }) { first, _ in first }
        }()
    }

    private struct Frame: Decodable {
        struct Event: Decodable {
            let type: WireText
            let entity: WireText?
            let attached: Attached?
            let attachedStatus: Int64?

            private enum CodingKeys: String, CodingKey {
                case type = "event_type"
                case entity
                case attached = "attached_data"
            }

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                type = try container.decode(WireText.self, forKey: .type)
                entity = try container.decodeIfPresent(WireText.self, forKey: .entity)
                // Whatever else it is: the participant is asked for then.
                attached = try container.decodeIfPresent(LossyElement<Attached>.self, forKey: .attached)?.value
                attachedStatus =
                    try container.decodeIfPresent(LossyElement<Status>.self, forKey: .attached)?.value?.code.integer
            }
        }

        let sequence: WireText?
        let event: Event
    }

    private struct Status: Decodable {
        let code: WireText

        private enum CodingKeys: String, CodingKey {
            case code = "StatusCode"
        }
    }

    /// The participant within `attached_data`: itself, or under the name that a version of the documentation gives it.
    private struct Attached: Decodable {
        let participant: CallControlMessages.Participant

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case response = "Response"
            case body
            case data
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            if let key = CodingKeys.allCases.first(where: { container.contains($0) }) {
                participant = try container.decode(CallControlMessages.Participant.self, forKey: key)
            } else {
                participant = try CallControlMessages.Participant(from: decoder)
            }
        }
    }
}

extension WireText {
    fileprivate var integer: Int64? { text.flatMap { Int64($0) } }
}
