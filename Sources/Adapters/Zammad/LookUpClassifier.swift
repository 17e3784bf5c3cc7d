package import Domain

/// Turns what Zammad's caller log (`GET /api/v1/cti/log`) says of a hangup in doubt into an outcome.
package enum LookUpClassifier {
    /// A row of the log. It holds the newest calls only, as many as the token's user may see.
    package struct Row: Decodable, Equatable, Sendable {
        package var callID: String
        /// `newCall`, `answer` or `hangup`: the last event that Zammad has taken.
        package var state: String

        package init(callID: String, state: String) {
            self.callID = callID
            self.state = state
        }

        private enum CodingKeys: String, CodingKey {
            case state
            case callID = "call_id"
        }
    }

    /// `log`: `nil` if the body is none.
    package static func classify(
        _ answer: ZammadAnswer, log: [Row]?, for callID: CallID
    ) -> DeliveryOutcome {
        let reason = answer.reason
        switch ZammadStatusClass(answer) {
        case .notNow: return .retry(reason, scope: .zammad, after: answer.retryAfter)
        // Zammad itself can still be asked.
        case .stranger: return .misconfigured(answer.strangersWords)
        case .success: return found(in: log, callID)
        case .denied:
            return .unverifiable("\(reason) for Zammad's caller log: the token needs the permission cti.agent")
        case .missing, .unprocessable, .refused: return .unverifiable("\(reason) for Zammad's caller log")
        case .failed, .ambiguous: return .retry(reason, scope: .event)
        }
    }

    private static func found(in log: [Row]?, _ callID: CallID) -> DeliveryOutcome {
        guard let log else { return .unverifiable("Zammad's answer is not a caller log") }
        guard let row = log.first(where: { $0.callID == callID.text }) else {
            return .unverifiable("Zammad's caller log does not show the call")
        }
        return row.state == "hangup" ? .delivered(.plain) : .notStored("Zammad has the call as \(row.state)")
    }

    /// For a question that got no answer.
    package static func classify(failure reason: String, requestMayHaveBeenSent: Bool) -> DeliveryOutcome {
        .retry(reason, scope: requestMayHaveBeenSent ? .event : .zammad)
    }
}
