import Domain
import Ports
import Wire

/// The shapes of `GET /callcontrol` (v20): DNs with the participants on them.
enum CallControlMessages {
    /// A DN becomes an extension number in Zammad, and part of what is stored: short and printable.
    static func isUsable(dn: String) -> Bool {
        (1...64).contains(dn.utf8.count) && dn.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    struct Station: Decodable {
        let dn: String
        let type: String
        let participants: [LossyElement<Participant>]

        private enum CodingKeys: String, CodingKey {
            case dn
            case type
            case participants
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            dn = try container.decode(WireText.self, forKey: .dn).text ?? ""
            guard CallControlMessages.isUsable(dn: dn) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "no usable DN"))
            }
            type = try container.wireText(forKey: .type) ?? ""
            participants = try container.decodeIfPresent([LossyElement<Participant>].self, forKey: .participants) ?? []
        }

        /// Without the participants that cannot be read, and those that are no legs. The API client's own route point
        /// sees no helpdesk call, a fax server takes none from anybody, and what a trunk sees the DNs behind it tell.
        var followed: ParticipantStation {
            let isFollowed =
                switch CallControlType(type) {
                case .routePoint, .fax, .externalLine: false
                case .station, .unknown: true
                }
            return ParticipantStation(
                dn: dn, type: type, isFollowed: isFollowed,
                participants: participants.compactMap(\.value).filter(\.isLeg))
        }
    }

    /// One connection of a DN with a call. All fields but the ids may be empty or `None`.
    struct Participant: Decodable, Equatable, Sendable {
        let id: String
        let callID: PBXCallID
        let legID: String
        let status: String
        let partyName: String
        let partyDN: String
        let partyNumber: String
        let partyDID: String
        let partyType: String
        let originDN: String
        let originType: String

        /// Whether it is one of a call that goes on. Phantoms were seen under the call id 0, and some builds keep a leg
        /// for a while after its end.
        var isLeg: Bool {
            callID.text != "0" && !["terminated", "failed"].contains(status.lowercased())
        }

        static let keys = CodingKeys.allCases.map(\.rawValue)

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case id
            case callID = "callid"
            case legID = "legid"
            case status
            case partyName = "party_caller_name"
            case partyDN = "party_dn"
            case partyNumber = "party_caller_id"
            case partyDID = "party_did"
            case partyType = "party_dn_type"
            case originDN = "originated_by_dn"
            case originType = "originated_by_type"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            func text(_ key: CodingKeys) throws -> String {
                let text = try container.wireText(forKey: key) ?? ""
                return text.utf8.count <= 200 ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(200)))
            }
            id = try text(.id)
            callID = try PBXCallID(
                wire: container.decode(WireText.self, forKey: .callID).text, codingPath: decoder.codingPath)
            legID = try text(.legID)
            guard container.contains(.status) else {
                throw DecodingError.keyNotFound(
                    CodingKeys.status, .init(codingPath: decoder.codingPath, debugDescription: "no status"))
            }
            status = try text(.status)
            partyName = try text(.partyName)
            partyDN = try text(.partyDN)
            partyNumber = try text(.partyNumber)
            partyDID = try text(.partyDID)
            partyType = try text(.partyType)
            originDN = try text(.originDN)
            originType = try text(.originType)
        }
    }
}

/// The kinds of DN in call control's spelling; the ones for ring groups are inferred, the others were seen on 20.0. The
/// documentation writes them without the W in front.
enum CallControlType {
    case station(DNKind)
    case externalLine
    case fax
    /// A route point: the API client itself, or the PBX's router while a call finds its way.
    case routePoint
    case unknown

    init(_ text: String) {
        let folded = text.lowercased()
        switch folded.hasPrefix("w") ? folded.dropFirst() : folded[...] {
        case "extension": self = .station(.extension)
        case "queue": self = .station(.queue)
        case "ringgroup": self = .station(.ringGroup)
        case "ivr": self = .station(.ivr)
        case "specialmenu", "voicemail": self = .station(.voicemail)
        case "parkextension", "parking", "conference": self = .station(.other)
        case "fax", "faxextension": self = .fax
        case "externalline": self = .externalLine
        case "routepoint": self = .routePoint
        default: self = .unknown
        }
    }

    var kind: DNKind? {
        switch self {
        case .station(let kind): kind
        case .fax: .other
        case .externalLine, .routePoint, .unknown: nil
        }
    }
}
