/// Who works in the demo's office, and who calls it. All of them are invented; the numbers are set aside for fiction.
enum OfficeDirectory {
    struct Agent: Equatable, Sendable {
        var dn: String
        var firstName: String
        var lastName: String
        var queue: String
    }

    struct Queue: Equatable, Sendable {
        var dn: String
        var name: String
    }

    /// A caller: `name` as Zammad knows it, `nil` for somebody new.
    struct Party: Equatable, Sendable {
        var number: String
        var name: String?
    }

    static let trunk = "10001"
    static let voicemail = "666"
    static let support = Queue(dn: "80", name: "Support")
    static let sales = Queue(dn: "81", name: "Sales")
    static let queues = [support, sales]

    static let agents = [
        Agent(dn: "101", firstName: "Anna", lastName: "Müller", queue: "80"),
        Agent(dn: "102", firstName: "Ben", lastName: "Yılmaz", queue: "80"),
        Agent(dn: "103", firstName: "Clara", lastName: "Nowak", queue: "80"),
        Agent(dn: "104", firstName: "Daniel", lastName: "O’Brien", queue: "80"),
        Agent(dn: "105", firstName: "Émilie", lastName: "Dubois", queue: "81"),
        Agent(dn: "106", firstName: "Farid", lastName: "Haddad", queue: "81"),
        Agent(dn: "107", firstName: "Maximiliane", lastName: "von Hohenstein-Schwarzenberg", queue: "81"),
    ]

    static let callers =
        customers.enumerated().map { Party(number: number($0.offset), name: $0.element) }
        + (40..<52).map { Party(number: number($0), name: nil) }

    /// As Zammad stores them, in bare E.164 digits.
    static let zammadCustomers = customers.enumerated().map {
        ZammadCustomer(number: String(number($0.offset).dropFirst()), name: $0.element)
    }

    private static let customers = [
        "Petra Vogel", "Jonas Weber", "Aylin Demir", "Stefan Krüger", "Marie Laurent", "Tomasz Zieliński",
        "Lena Hoffmann",
        "Paul Schneider", "Ingrid Sørensen", "Luca Bianchi", "Hannah Fischer", "Noah Baumgartner", "Sofia Papadopoulou",
        "Emil Lindqvist", "Katharina Schmidt", "Oskar Brandt",
    ]

    private static func number(_ index: Int) -> String {
        let digits = String(index + 1)
        return "+493023125" + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
