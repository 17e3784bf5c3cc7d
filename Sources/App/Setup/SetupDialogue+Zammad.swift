import Adapters
import Ports

/// What is asked about Zammad.
extension SetupDialogue {
    mutating func findZammad() async throws(SetupEnd) {
        while true {
            try await ask(.endpoint)
            if given[SetupQuestion.zammadCA.path] != nil { try await ask(.zammadCA) }
            // The token is asked for later, and what becomes of missed queue calls is not settled yet.
            let findings = SetupFindings(terminal) { ![.apiToken, .agents, .tickets, .queues].contains($0.subject) }
            await probes.checkZammad(configuration, emails: [:], findings.reporter)
            if await findings.problems.isEmpty { return }
            try await tryAgain(findings, .zammadCA)
        }
    }

    mutating func chooseTickets() async throws(SetupEnd) {
        while true {
            try await ask(.apiToken)
            guard !texts(.apiToken).isEmpty else {
                guard given[SetupQuestion.tickets.path] == nil || terminal.isInteractive else {
                    throw .missing(flag: SetupQuestion.apiToken.flag, title: SetupQuestion.apiToken.title)
                }
                if isGiven(Self.tickets) { set(Self.tickets, .none) }
                return
            }
            let configuration = try await withTickets()
            let findings = SetupFindings(terminal) { [.apiToken, .agents, .tickets].contains($0.subject) }
            await probes.checkZammad(configuration, emails: [:], findings.reporter)
            if await findings.problems.isEmpty { return }
            guard terminal.isInteractive else { throw .refused(await findings.exitCode) }
        }
    }

    private static let tickets = "Zammad.tickets"

    /// Asks whether and in which group tickets are made. What the present file says besides stays.
    private mutating func withTickets() async throws(SetupEnd) -> BridgeConfiguration {
        let present = present?.configuration.zammad.tickets ?? .init()
        if texts(.tickets).isEmpty {
            keep(.text(present.creation.rawValue), for: .tickets)
            keep(.text(present.group), for: .ticketGroup)
        }
        let menu = SetupMenu([
            ("off", "none"), ("missed", "for each missed call"), ("all", "for every call"),
        ])
        try await ask(.tickets, menu)
        let creation = texts(.tickets).first ?? "off"
        if creation != "off" { try await ask(.ticketGroup) }
        let group = texts(.ticketGroup).first ?? present.group
        var configuration = configuration
        configuration.zammad.tickets.creation = .init(rawValue: creation) ?? .off
        configuration.zammad.tickets.group = group
        guard configuration.zammad.tickets != present else { return configuration }
        var fields = ["create": creation, "group": group].sorted { $0.key < $1.key }
            .map { ConfigurationEntry.Field(name: $0.key, value: .text($0.value)) }
        if case .mapping(let others)? = presentValue(Self.tickets) {
            fields += others.filter { !["create", "group"].contains($0.name) }
        }
        set(Self.tickets, creation == "off" ? .none : .mapping(fields))
        return configuration
    }
}
