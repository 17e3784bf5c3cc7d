/// What Zammad does with a CTI request: the checks of its controller and `Cti::Log.process`, without any I/O.
///
/// The rules were observed by running Zammad, 5.5 and develop of 2025 and 2026, on PostgreSQL, which differ in texts
/// alone. Names of agents and customers matter only as far as they show in a row.
package struct ZammadModel: Equatable, Sendable {
    package var token: String
    package var featureEnabled = true
    package var configured = true
    package var isDatabaseDown = false
    package var agents: [ZammadAgent] = []
    package var customers: [ZammadCustomer] = []
    /// Callers that Zammad rejects, compared as plain strings.
    package var blockedNumbers: Set<String> = []
    /// The caller id that Zammad gives to outbound calls, nil for none.
    package var outboundCallerID: String?
    /// In the order of their newCall.
    package private(set) var rows: [ZammadRow] = []
    package private(set) var errorCount = 0

    package init(token: String) {
        self.token = token
    }

    package func row(_ callID: String) -> ZammadRow? {
        rows.first { $0.callID == callID }
    }

    /// Forgets all rows, as a Zammad restored from an old backup does.
    package mutating func forgetRows() {
        rows = []
    }

    /// Forgets the oldest rows over so many.
    package mutating func keepLatest(_ count: Int) {
        if rows.count > count { rows.removeFirst(rows.count - count) }
    }

    package mutating func handle(_ request: ZammadRequest) -> ZammadReply {
        do throws(ZammadRefusal) {
            return try accept(request)
        } catch {
            return reply(to: error, wantsJSON: request.wantsJSON)
        }
    }

    /// The checks in Zammad's order; a body that is no JSON fails before any of them.
    private mutating func accept(_ request: ZammadRequest) throws(ZammadRefusal) -> ZammadReply {
        guard request.method == "POST" else { throw .notRouted }
        guard let raw = request.parameters else { throw .malformedJSON }
        guard !isDatabaseDown else { throw .databaseDown }
        guard featureEnabled else { throw .featureDisabled }
        guard configured else { throw .notConfigured }
        guard request.token == token else { throw .wrongToken }
        guard let direction = raw["direction"]?.string, ["in", "out"].contains(direction) else {
            throw .invalidDirection
        }
        var parameters = try ZammadParameters(raw, direction: direction)
        var action = "{}"
        if parameters.event == "newCall" {
            if direction == "in", let from = parameters.from, blockedNumbers.contains(from) {
                action = #"{"action":"reject","reason":"busy"}"#
            } else if direction == "out", let callerID = outboundCallerID, let to = parameters.to {
                parameters.from = callerID
                action = #"{"action":"dial","caller_id":"\#(callerID)","number":"\#(to)"}"#
            }
        }
        try process(parameters, at: request.at)
        var reply = ZammadReply.json(200, action)
        if action != "{}" {
            reply.action = direction == "in" ? "reject" : "dial"
            reply.actionDetail = direction == "in" ? "busy" : parameters.from
        }
        return reply
    }

    private mutating func process(_ parameters: ZammadParameters, at now: Int64) throws(ZammadRefusal) {
        let index = rows.firstIndex { $0.callID == parameters.callID }
        switch parameters.event {
        case "newCall":
            guard index == nil else { throw .alreadyExists }
            rows.append(try newRow(parameters, at: now))
        case "answer":
            guard let index else { throw .internalError(status: 500) }
            try answer(&rows[index], parameters, at: now)
        case "hangup":
            guard let index else { throw .internalError(status: 500) }
            hangup(&rows[index], parameters, at: now)
        default:
            throw .internalError(status: 422)
        }
    }

    private func newRow(_ parameters: ZammadParameters, at now: Int64) throws(ZammadRefusal) -> ZammadRow {
        guard let from = parameters.from else { throw .attributeRequired("from") }
        guard let to = parameters.to else { throw .attributeRequired("to") }
        guard let callID = parameters.storedCallID else { throw .attributeRequired("call_id") }
        guard row(callID) == nil else { throw .duplicateRow }
        let inbound = parameters.direction == "in"
        var row = ZammadRow(
            callID: callID, direction: parameters.direction, from: from, to: to, done: !inbound, initializedAt: now)
        let names = customers.filter { $0.number == (inbound ? from : to) }.map(\.name).joined(separator: ", ")
        let customer = names.isEmpty ? nil : names
        if inbound {
            row.fromComment = customer
            row.toComment = parameters.presentUser ?? parameters.presentQueue
        } else {
            row.fromComment = parameters.user
            row.toComment = customer
        }
        row.queue = parameters.presentQueue ?? (inbound ? to : from)
        row.comment = parameters.cause
        row.answeringNumber = parameters.answeringNumber
        row.events = [parameters.event(.applied)]
        return row
    }

    private func answer(
        _ row: inout ZammadRow,
        _ parameters: ZammadParameters,
        at now: Int64
    ) throws(ZammadRefusal) {
        guard row.state != .hangup else {
            row.events.append(parameters.event(.ignored))
            return
        }
        row.state = .answer
        row.startAt = now
        // Also for outbound calls, where it replaces the customer's name by the agent's.
        if let user = parameters.user { row.toComment = user }
        row.done = true
        row.comment = parameters.cause
        row.answeringNumber = parameters.answeringNumber
        guard parameters.direction == "in" else {
            row.events.append(parameters.event(.applied))
            return
        }
        do throws(ZammadRefusal) {
            if let agent = try answeringAgent(parameters) { row.openedFor.append(agent.id) }
        } catch {
            row.events.append(parameters.event(.appliedButFailed))
            throw error
        }
        row.events.append(parameters.event(.applied))
    }

    /// The agent whose screen opens: the user with the answeringNumber as phone, else with `user` as login, else with
    /// `user_id`. Whoever is found first ends the search, and gets no screen without the permission. A `user` that is
    /// no text breaks the second step, after the row has been changed.
    private func answeringAgent(_ parameters: ZammadParameters) throws(ZammadRefusal) -> ZammadAgent? {
        let user = try answeringUser(parameters)
        return user?.isAgent == true ? user : nil
    }

    private func answeringUser(_ parameters: ZammadParameters) throws(ZammadRefusal) -> ZammadAgent? {
        if let number = parameters.answeringNumber, !number.isEmpty {
            if number.unicodeScalars.contains("\0") { throw .internalError(status: 422) }
            if let user = agents.first(where: { $0.isActive && $0.phone == number }) { return user }
        }
        if parameters.userIsNoText { throw .internalError(status: 500) }
        if let login = parameters.presentUser?.lowercased(),
            let user = agents.first(where: { $0.login.lowercased() == login })
        {
            return user
        }
        switch parameters.userID {
        case .integer(let id)?: return agents.first { $0.id == id }
        case .string(let id)?: return agents.first { String($0.id) == id }
        default: return nil
        }
    }

    /// Nothing guards against a second hangup: for a missed call it sets `done` and so loses the to-do.
    private func hangup(_ row: inout ZammadRow, _ parameters: ZammadParameters, at now: Int64) {
        row.done = true
        if parameters.direction == "in" {
            if row.state == .newCall, parameters.cause != "forwarded" {
                row.done = false
            } else if row.toComment == "voicemail" {
                row.done = false
            }
        }
        row.state = .hangup
        row.endAt = now
        row.comment = parameters.cause
        row.events.append(parameters.event(.applied))
    }

    private mutating func reply(to refusal: ZammadRefusal, wantsJSON: Bool) -> ZammadReply {
        errorCount += 1
        let digits = String(errorCount, radix: 16)
        let errorID = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
        let text = refusal.text(errorID: errorID)
        if wantsJSON {
            let human = refusal.hasHumanText ? #","error_human":"\#(text)""# : ""
            let status = refusal == .databaseDown ? #""status":500,"# : ""
            var reply = ZammadReply.json(refusal.status, #"{\#(status)"error":"\#(text)"\#(human)}"#)
            reply.errorText = text
            return reply
        }
        if refusal == .malformedJSON { return ZammadReply(status: 400, contentType: nil, body: "") }
        let shown = refusal.status >= 500 ? "" : "<p>\(text)</p>"
        return ZammadReply(
            status: refusal.status,
            contentType: "text/html; charset=utf-8",
            body: "<!DOCTYPE html><html><head><title>\(refusal.status)</title></head><body>\(shown)</body></html>"
        )
    }
}
