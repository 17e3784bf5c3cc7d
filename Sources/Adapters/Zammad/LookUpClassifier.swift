package import Domain

/// Turns what Zammad's caller log (`GET /api/v1/cti/log`) says of a hangup in doubt into an outcome.
package enum LookUpClassifier {
    /// A row of the log. It holds the newest calls only, as many as the token's user may see.
    package struct Row: Equatable, Sendable {
        package var callID: String
        /// `newCall`, `answer` or `hangup`: the last event that Zammad has taken.
        package var state: String

        package init(callID: String, state: String) {
            self.callID = callID
            self.state = state
        }
    }

    /// `log`: `nil` if the body is none.
    package static func classify(
        _ answer: ReplyClassifier.Answer, log: [Row]?, for callID: CallID
    ) -> DeliveryOutcome {
        let reason = "HTTP \(answer.status)" + (answer.errorText.map { ": \($0)" } ?? "")
        switch answer.status {
        case 408, 429, 502, 503:
            return .retry(reason, scope: .zammad, after: answer.retryAfter)
        // Zammad itself can still be asked.
        case 200..<500 where !answer.isZammads:
            return .misconfigured(answer.strangersWords)
        case 200:
            guard let log else { return .unverifiable("Zammad's answer is not a caller log") }
            guard let row = log.first(where: { $0.callID == callID.text }) else {
                return .unverifiable("Zammad's caller log does not show the call")
            }
            return row.state == "hangup" ? .delivered(.plain) : .notStored("Zammad has the call as \(row.state)")
        case 401, 403:
            return .unverifiable("\(reason) for Zammad's caller log: the token needs the permission cti.agent")
        case 500...:
            return .retry(reason, scope: .event)
        default:
            return .unverifiable("\(reason) for Zammad's caller log")
        }
    }

    /// For a question that got no answer.
    package static func classify(failure reason: String, requestMayHaveBeenSent: Bool) -> DeliveryOutcome {
        .retry(reason, scope: requestMayHaveBeenSent ? .event : .zammad)
    }
}
