import Domain
import Wire

/// The DNs of a recorded session: what each is, and who has it.
struct PseudonymDirectory: Sendable {
    struct Person: Sendable {
        var name: String
        var label: PseudonymNames.Label
        var number: String
        /// Other ways in which 3CX writes the name.
        var variants: [String] = []
    }

    private(set) var people: [Person] = []
    private(set) var stations: Set<String> = []
    private var labels: [String: PseudonymNames.Label] = [:]

    func label(of number: String) -> PseudonymNames.Label? { labels[number] }

    mutating func add(_ number: String, _ label: PseudonymNames.Label) {
        stations.insert(number)
        if labels[number] == nil { labels[number] = label }
    }

    /// - Parameter path: Of the request that was answered so.
    mutating func learn(_ value: JSONValue, listedBy path: String) {
        switch value {
        case .array(let elements): for element in elements { learn(element, listedBy: path) }
        case .object(let members):
            learnRow(members, path)
            for (key, member) in members.sorted(by: { $0.key < $1.key }) {
                switch member {
                case .array, .object: learn(member, listedBy: key == "Groups" ? key : path)
                default: break
                }
            }
        case .null, .bool, .integer, .fraction, .string: break
        }
    }

    private static let stationKeys = [
        "dn", "party_dn", "originated_by_dn", "referred_by_dn", "on_behalf_of_dn",
    ]

    private mutating func learnRow(_ members: [String: JSONValue], _ path: String) {
        for key in Self.stationKeys {
            if let dn = PseudonymRow.text(members[key]) { stations.insert(dn) }
        }
        if let dn = PseudonymRow.text(members["dn"]), case .string(let type)? = members["type"],
            let label = Self.label(ofType: type)
        {
            add(dn, label)
        }
        guard let number = PseudonymRow.text(members["Number"]) else { return }
        let listed = Self.label(ofList: path)
        if listed == .group {
            // Members of a group tell its name beside their own.
            if let name = PseudonymRow.text(members["Name"]), let id = PseudonymRow.text(members["Id"]) {
                people.append(Person(name: name, label: .group, number: id))
            }
            return
        }
        let label = Self.label(ofType: PseudonymRow.text(members["Type"])) ?? listed ?? .agent
        add(number, label)
        if let (first, last) = PseudonymRow.firstAndLast(members) {
            let variants = ["\(last), \(first)", "\(last) \(first)", "\(first), \(last)"]
            people.append(
                Person(
                    name: "\(first) \(last)", label: label, number: number,
                    variants: first.isEmpty || last.isEmpty ? [] : variants))
        } else if let name = PseudonymRow.text(members["MemberName"]) ?? PseudonymRow.text(members["Name"]) {
            people.append(Person(name: name, label: label, number: number))
        }
    }

    /// `nil` for a list of everything.
    static func label(ofList place: String) -> PseudonymNames.Label? {
        let last = place.split(separator: "/").last.map(String.init) ?? place
        switch last {
        case "GroupList", "Groups": return .group
        case "TrunkList", "Trunks": return .trunk
        case "QueueList", "Queues": return .queue
        case "RingGroupList", "RingGroups": return .ringGroup
        case "IVRList", "Receptionists": return .ivr
        case "ExtensionList", "Users", "Members", "Agents", "selected": return .agent
        default: return nil
        }
    }

    /// In the spelling of XAPI or of call control.
    static func label(ofType type: String?) -> PseudonymNames.Label? {
        guard let type else { return nil }
        if case .externalLine = CallControlType(type) { return .trunk }
        switch XAPIMessages.kind(ofType: type) ?? CallControlType(type).kind {
        case .extension?: return .agent
        case .queue?: return .queue
        case .ringGroup?: return .ringGroup
        case .ivr?: return .ivr
        case .trunk?: return .trunk
        case .voicemail?, .other?: return .line
        case nil: return nil
        }
    }
}
