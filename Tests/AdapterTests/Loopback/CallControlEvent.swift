import Adapters

/// What the event socket says of one entity.
struct CallControlEvent: Equatable, Sendable {
    static let upsert: Int64 = 0
    static let remove: Int64 = 1

    /// What an upsert carries besides the entity; on real PBXs nothing was seen.
    enum Attachment: Equatable, Sendable, CaseIterable {
        case nothing
        /// `{RequestID, Path, StatusCode, Response}`, as the guide promises.
        case response
        case participant
        /// `{body: participant}`
        case body
        /// `{data: participant}`
        case data

        func json(of participant: CallControlParticipant) -> LoopbackJSON {
            switch self {
            case .nothing: .null
            case .response:
                [
                    "RequestID": nil, "Path": .string(CallControlEvent.entity(participant.dn, participant.id)),
                    "StatusCode": 200, "Response": participant.json,
                ]
            case .participant: participant.json
            case .body: ["body": participant.json]
            case .data: ["data": participant.json]
            }
        }
    }

    var type: Int64
    var entity: String
    var attached: LoopbackJSON = .null

    static func entity(_ dn: String, _ id: Int64) -> String { "/callcontrol/\(dn)/participants/\(id)" }

    func text(sequence: Int64) throws -> String {
        let event: LoopbackJSON = [
            "event_type": .integer(type), "entity": .string(entity), "attached_data": attached,
        ]
        return try LoopbackJSON.object(["sequence": .integer(sequence), "event": event]).text()
    }
}
