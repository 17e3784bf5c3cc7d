package import Domain
package import Wire

/// A recorded or written session with a PBX: its raw answers over time, and what Zammad must be told.
///
/// The format is documented in docs/fixtures.md. Answers are raw, so that the decoders run as in production.
package struct Fixture: Equatable, Sendable, Decodable {
    /// Which interface of 3CX answers, and whether it pushes events.
    package struct Source: RawRepresentable, CaseIterable, Equatable, Sendable {
        package let rawValue: String
        package let interface: PhoneSystemInterface
        /// Whether steps bring events, so that not each of them is a poll.
        package let hasEvents: Bool

        package static let allCases = PhoneSystemInterface.all.flatMap { interface in
            interface.fixtureSources.map { Source($0, of: interface) }
        }

        private init(_ source: PhoneSystemInterface.FixtureSource, of interface: PhoneSystemInterface) {
            (rawValue, hasEvents) = (source.name, source.hasEvents)
            self.interface = interface
        }

        package init?(rawValue: String) {
            guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
            self = known
        }
    }

    /// One poll of the PBX; with an event socket, what happens on it instead.
    package struct Step: Equatable, Sendable, Decodable {
        /// Seconds since the start.
        package var at: Double
        /// Which phone system is polled, and gives the answers, where there are several.
        package var phoneSystem: PhoneSystemName?
        /// Answers by `METHOD /path`, each valid until another takes its place.
        package var answers: [String: ScriptedAnswer]
        /// How Zammad answers from now on.
        package var zammad: ScriptedAnswer?
        /// The same for single Zammads, where there are several.
        package var zammads: [ZammadName: ScriptedAnswer]

        /// Messages on the event socket, in order.
        package var events: [JSONValue]
        /// What becomes of the event socket, before the messages.
        package var socket: Socket?

        package enum Socket: String, CaseIterable, Sendable, Codable {
            case open
            case closed
        }

        /// Since the start.
        package var milliseconds: Int64 { Int64((at * 1000).rounded()) }

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case at, answers, zammad, zammads, note, events, socket
            case phoneSystem = "pbx"
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(ofKnown: CodingKeys.self)
            at = try container.decode(Double.self, forKey: .at)
            phoneSystem = try container.decodeIfPresent(PhoneSystemName.self, forKey: .phoneSystem)
            answers = try container.decodeIfPresent([String: ScriptedAnswer].self, forKey: .answers) ?? [:]
            zammad = try container.decodeIfPresent(ScriptedAnswer.self, forKey: .zammad)
            let zammads = try container.decodeIfPresent([String: ScriptedAnswer].self, forKey: .zammads) ?? [:]
            self.zammads = try Dictionary(
                uniqueKeysWithValues: zammads.map { name, answer in
                    guard let name = ZammadName(name) else {
                        throw DecodingError.dataCorruptedError(
                            forKey: .zammads, in: container, debugDescription: "a name is never empty")
                    }
                    return (name, answer)
                })
            events = try container.decodeIfPresent([JSONValue].self, forKey: .events) ?? []
            socket = container.contains(.socket) ? try container.decodeName(Socket.self, forKey: .socket) : nil
        }
    }

    /// When polls take place where there is an event socket.
    package enum Polls: String, CaseIterable, Sendable, Codable {
        /// Also at once where an event leaves something open, and around the opening and the end of the socket.
        case wanted
        /// In the steps without events and socket alone, as in a recording, which has each poll that was taken.
        case recorded
    }

    package var name: String
    package var description: String
    package var source: Source
    package var polls: Polls
    /// The keys of the configuration file that matter, by section.
    package var config: [String: JSONValue]
    /// When the session begins.
    package var start: Instant
    /// Answers from the beginning on.
    package var setup: [String: ScriptedAnswer]
    package var steps: [Step]
    package var expect: [ExpectedRequest]
    package var changes: [ExpectedChange]
    package var tickets: [ExpectedTicket]

    /// 2026-02-03T09:15:00Z
    package static let defaultStart = Instant(milliseconds: 1_770_110_100_000)

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, description, source
        case polls = "looks"
        case config, start, setup, steps, expect, changes, tickets
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(ofKnown: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        description = try container.decode(String.self, forKey: .description)
        source = try container.decodeName(Source.self, forKey: .source)
        polls = container.contains(.polls) ? try container.decodeName(Polls.self, forKey: .polls) : .wanted
        config = try container.decodeIfPresent([String: JSONValue].self, forKey: .config) ?? [:]
        start = try container.decodeIfPresent(Instant.self, forKey: .start) ?? Self.defaultStart
        setup = try container.decodeIfPresent([String: ScriptedAnswer].self, forKey: .setup) ?? [:]
        steps = try container.decode([Step].self, forKey: .steps)
        expect = try container.decodeIfPresent([ExpectedRequest].self, forKey: .expect) ?? []
        changes = try container.decodeIfPresent([ExpectedChange].self, forKey: .changes) ?? []
        tickets = try container.decodeIfPresent([ExpectedTicket].self, forKey: .tickets) ?? []
        try check(container)
    }

    private func check(_ container: KeyedDecodingContainer<CodingKeys>) throws {
        guard (0...4_102_444_800_000).contains(start.milliseconds) else {
            throw DecodingError.dataCorruptedError(
                forKey: .start, in: container, debugDescription: "start must be milliseconds since 1970")
        }
        var previous = 0.0
        for step in steps {
            // A week is more than any recording lasts, and keeps the arithmetic in range.
            guard step.at >= previous, step.at <= 604_800 else {
                throw DecodingError.dataCorruptedError(
                    forKey: .steps, in: container,
                    debugDescription:
                        "the times of the steps must ascend from 0, and end within 604800 s; found \(step.at)")
            }
            previous = step.at
        }
        guard source.hasEvents || steps.allSatisfy({ $0.events.isEmpty && $0.socket == nil }) else {
            throw DecodingError.dataCorruptedError(
                forKey: .steps, in: container,
                debugDescription: "events and socket belong to the sources callcontrol-events and v20")
        }
        for key in setup.keys + steps.flatMap(\.answers.keys) {
            guard key.hasPrefix("GET /") || key.hasPrefix("POST /") else {
                throw DecodingError.dataCorruptedError(
                    forKey: .steps, in: container,
                    debugDescription:
                        "answers are given by \"GET /path\" or \"POST /path\"; found \"\(key.prefix(60))\"")
            }
        }
    }
}

/// An answer of a scripted server, or the way in which it fails to give one.
package struct ScriptedAnswer: Equatable, Sendable, Decodable {
    package enum Fault: String, CaseIterable, Sendable, Codable {
        /// Accepts the request and says nothing.
        case timeout
        case refused
        /// Closes the connection before the answer is complete.
        case reset
    }

    package var status: Int
    package var contentType: String?
    package var body: [UInt8]
    package var fault: Fault?

    package init(status: Int = 200, contentType: String? = "application/json", body: [UInt8] = [], fault: Fault? = nil)
    {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.fault = fault
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case json, text, status, fault
        case contentType = "content_type"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(ofKnown: CodingKeys.self)
        let json = try container.decodeIfPresent(JSONValue.self, forKey: .json)
        let text = try container.decodeIfPresent(String.self, forKey: .text)
        fault = container.contains(.fault) ? try container.decodeName(Fault.self, forKey: .fault) : nil
        status = try container.decodeIfPresent(Int.self, forKey: .status) ?? 200
        contentType = try container.decodeIfPresent(String.self, forKey: .contentType) ?? "application/json"
        guard (100...599).contains(status) else {
            throw DecodingError.dataCorruptedError(
                forKey: .status, in: container, debugDescription: "status must be 100 to 599")
        }
        guard json == nil || text == nil else {
            throw DecodingError.dataCorruptedError(
                forKey: .text, in: container, debugDescription: "give json or text, not both")
        }
        body = json?.bytes ?? Array((text ?? "").utf8)
    }
}
