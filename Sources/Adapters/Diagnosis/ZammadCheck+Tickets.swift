import Domain
import FoundationEssentials
import Ports
import Wire

/// Whether tickets can be made: what the token may, and whether the group is there.
extension ZammadCheck {
    /// Nothing is changed by it. Whether a ticket may be made *in* the group cannot be asked without making one.
    func tickets(_ report: CheckReporter, _ api: ZammadAPI) async {
        let tickets = zammad.tickets
        guard tickets.creation != .off else { return }
        await report.step("asking Zammad whether tickets can be made")
        // Zammad's own user: there is one in every installation, and it has no tickets.
        let listing = await status(of: "/api/v1/ticket_customer?customer_id=1", api)
        guard listing.status == 200 else { return await report.finding(refusal(listing)) }
        await report.finding(
            .ok(.tickets, "Zammad.api_token may look for tickets, so that no call gets two"))
        await report.finding(await group(tickets.group, api))
        await report.finding(
            tickets.notifiesCustomer
                ? .note(
                    .tickets,
                    "notify_customer is on: Zammad's triggers write to the customer about each call with a ticket, as "
                        + "\"auto reply (on new tickets)\" does, which is active in a new Zammad")
                : .note(
                    .tickets,
                    "Zammad's triggers do not write to the customer about a call (notify_customer in Zammad.tickets is "
                        + "off)"
                ))
    }

    private func refusal(_ answer: (status: Int?, reason: String)) -> CheckFinding {
        switch answer.status {
        case 401?, 403?:
            .problem(
                .tickets, .refused, "Zammad.api_token may not make tickets (\(answer.reason))",
                remedy: "give the token, and its user, the permission ticket.agent, or write tickets: off")
        default:
            .warning(
                .tickets, "cannot find out whether Zammad.api_token may make tickets (\(answer.reason))",
                remedy: "check Zammad, and a proxy in front of it; then run this again")
        }
    }

    private struct Group: Decodable, Sendable {
        let name: String
        let active: Bool?
    }

    private func group(_ name: String, _ api: ZammadAPI) async -> CheckFinding {
        let access =
            "the token's user needs full access to it: without \"create\" no ticket is made, without \"read\" none is "
            + "found again"
        let unknown = CheckFinding.note(
            .tickets, "this token cannot find out whether Zammad has the group \(name); \(access)")
        let groups: [Group]
        do {
            let response = try await api.send(.get, "/api/v1/groups?page=1&per_page=500")
            guard response.status == 200 else { return unknown }
            groups = try WireJSON.decode([LossyElement<Group>].self, from: response.body).compactMap(\.value)
        } catch {
            return unknown
        }
        guard let group = groups.first(where: { $0.name == name }) else {
            let nearest = NearestName.nearest(to: name, among: groups.map(\.name))
            return .problem(
                .tickets, .configuration, "Zammad has no group \(name), or does not show it to this token",
                remedy: (nearest.map { "did you mean \($0)? " } ?? "") + "correct group in Zammad.tickets")
        }
        guard group.active != false else {
            return .problem(
                .tickets, .configuration, "the group \(name) is not active in Zammad",
                remedy: "activate it in Zammad, or correct group in Zammad.tickets")
        }
        return .ok(.tickets, "Zammad has the group \(name) for the tickets; \(access)")
    }
}
