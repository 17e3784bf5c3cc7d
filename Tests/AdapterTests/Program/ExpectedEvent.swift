import Adapters
/// The whole body of a request to Zammad, apart from the time within the call id.
struct ExpectedEvent: Equatable, Sendable, CustomStringConvertible {
    /// Instance and number of the call in the PBX: `3cx-28`.
    var call: String
    /// All fields but the two with the id.
    var fields: [String: LoopbackJSON]

    /// What arrived. A body that is no event at all has no fields, or those with the odd id.
    init(_ request: LoopbackRequest) {
        fields = request.json?.members ?? [:]
        call = "?"
        guard let id = fields["callId"]?.string, fields["call_id"]?.string == id else { return }
        let parts = id.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let milliseconds = Int64(parts[2]), milliseconds > 1_700_000_000_000 else { return }
        call = "\(parts[0])-\(parts[1])"
        fields["callId"] = nil
        fields["call_id"] = nil
    }

    private init(_ event: String, _ call: Int64, _ fields: [String: LoopbackJSON]) {
        self.call = "3cx-\(call)"
        self.fields = fields
        self.fields["event"] = .string(event)
    }

    static func inbound(
        _ event: String, _ call: Int64, from: String = "03023125001", to: String = "101", user: String? = nil,
        answeringNumber: String? = nil, cause: String? = nil
    ) -> ExpectedEvent {
        ExpectedEvent(
            event, call, ["direction": "in", "from": .string(from), "to": .string(to)]
        ).adding(user, answeringNumber, cause)
    }

    static func outbound(
        _ event: String, _ call: Int64, from: String = "101", to: String = "03023125001", user: String? = nil,
        answeringNumber: String? = nil, cause: String? = nil
    ) -> ExpectedEvent {
        ExpectedEvent(
            event, call, ["direction": "out", "from": .string(from), "to": .string(to)]
        ).adding(user, answeringNumber, cause)
    }

    private func adding(_ user: String?, _ answeringNumber: String?, _ cause: String?) -> ExpectedEvent {
        var event = self
        event.fields["user"] = user.map(LoopbackJSON.string)
        event.fields["answeringNumber"] = answeringNumber.map(LoopbackJSON.string)
        event.fields["cause"] = cause.map(LoopbackJSON.string)
        return event
    }

    var description: String {
        let list = fields.sorted { $0.key < $1.key }.map { "\($0)=\((try? $1.text()) ?? "?")" }
        return "\(call) \(list.joined(separator: " "))"
    }
}
