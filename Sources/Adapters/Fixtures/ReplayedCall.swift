import Domain

/// One call as the requests of a replay tell it.
package struct ReplayedCall: Equatable, Sendable, Encodable {
    package var callID: String
    package var direction: String
    package var from: String
    package var to: String
    /// Seconds since the start.
    package var beganAt: Double
    package var answeredAt: Double?
    package var endedAt: Double?
    /// Who answered, the last one after transfers.
    package var answeredBy: String?
    package var cause: String?

    private enum CodingKeys: String, CodingKey {
        case direction, from, to, cause
        case callID = "call_id"
        case beganAt = "began_at"
        case answeredAt = "answered_at"
        case endedAt = "ended_at"
        case answeredBy = "answered_by"
    }

    /// The id that the phone system gave it.
    package var pbxCallID: String {
        callID.split(separator: "-", omittingEmptySubsequences: false).dropFirst().dropLast().joined(separator: "-")
    }

    /// In the order in which they begin.
    package static func calls(of requests: [ExpectedRequest]) -> [ReplayedCall] {
        var calls: [ReplayedCall] = []
        var places: [String: Int] = [:]
        for request in requests {
            let payload = request.payload
            let at = Double(request.at) / 1000
            let id = payload.callID.text
            let place = places[id] ?? calls.count
            if place == calls.count {
                places[id] = place
                calls.append(
                    ReplayedCall(
                        callID: id, direction: payload.direction.rawValue, from: payload.from, to: payload.to,
                        beganAt: at))
            }
            switch payload.event {
            case .newCall: break
            case .answer:
                calls[place].answeredAt = calls[place].answeredAt ?? at
                let station = payload.direction == .inbound ? payload.to : payload.from
                calls[place].answeredBy = payload.user.flatMap { $0.names.first } ?? payload.answeringNumber ?? station
            case .hangup:
                calls[place].endedAt = at
                calls[place].cause = payload.cause?.rawValue
            }
        }
        return calls
    }

    /// `in 493023125001 → 101, rang 3 s, answered by Agent 101, talked 42 s, ended: normalClearing`
    package var sentence: String {
        var parts = ["\(direction) \(from) → \(to)"]
        let answeredAfter = (answeredAt ?? endedAt).map { Self.seconds($0 - beganAt) }
        if let answeredAfter { parts.append("rang \(answeredAfter)") }
        if let answeredAt {
            parts.append("answered" + (answeredBy.map { " by \($0)" } ?? ""))
            if let endedAt { parts.append("talked \(Self.seconds(endedAt - answeredAt))") }
        }
        parts.append(cause.map { "ended: \($0)" } ?? "still there at the end")
        return parts.joined(separator: ", ")
    }

    private static func seconds(_ seconds: Double) -> String { "\(Seconds.text(Int64((seconds * 1000).rounded()))) s" }
}

extension ZammadPayload.User {
    package var names: [String] {
        switch self {
        case .one(let name): [name]
        case .several(let names): names
        }
    }
}
