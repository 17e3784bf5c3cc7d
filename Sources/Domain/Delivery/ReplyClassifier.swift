/// Turns what came back from Zammad into an outcome. The rules are those of Zammad's CTI controller and `Cti::Log`, observed
/// by running Zammad's own code.
package enum ReplyClassifier {
    /// An HTTP answer, as far as it matters.
    package struct Answer: Equatable, Sendable {
        package var status: Int
        /// `error` or `error_human` of a JSON body.
        package var errorText: String?
        /// `action` of a JSON body, with the field that belongs to it.
        package var action: String?
        package var actionDetail: String?
        /// Seconds of a Retry-After header.
        package var retryAfter: Duration?
        /// Zammad's own errors are JSON if the request accepts it, so that HTML comes from a proxy in between.
        package var isHTML: Bool

        package init(
            status: Int,
            errorText: String? = nil,
            action: String? = nil,
            actionDetail: String? = nil,
            retryAfter: Duration? = nil,
            isHTML: Bool = false
        ) {
            self.status = status
            self.errorText = errorText
            self.action = action
            self.actionDetail = actionDetail
            self.retryAfter = retryAfter
            self.isHTML = isHTML
        }
    }

    package static func classify(_ answer: Answer, to event: CallCommand.Event) -> DeliveryOutcome {
        let reason = "HTTP \(answer.status)" + (answer.errorText.map { ": \($0)" } ?? "")
        if answer.status >= 400, event == .newCall, saysAlreadyExists(answer.errorText) { return .alreadyKnown }
        switch answer.status {
        case 200..<300:
            return delivered(answer)
        case 300..<400:
            return .misconfigured("\(reason): the endpoint redirects elsewhere")
        case 401, 403, 404, 405:
            return .misconfigured(reason)
        case 408, 429:
            return .retry(reason, scope: .zammad, after: answer.retryAfter)
        case 422:
            return unprocessable(answer, reason)
        case 400..<500:
            return .refused(reason)
        case 502, 503:
            return .retry(reason, scope: .zammad, after: answer.retryAfter)
        case 504:
            return .ambiguous(reason)
        case 500 where event != .newCall:
            return .unknownCall(reason)
        case 500:
            return .retry(reason, scope: .event)
        default:
            // Statuses of proxies (520, 524 …), which do not tell whether Zammad has seen the request, and nonsense.
            return .ambiguous(reason)
        }
    }

    /// For an attempt that got no answer. `requestMayHaveBeenSent`: `false` only if no byte of the request can have arrived.
    package static func classify(failure reason: String, requestMayHaveBeenSent: Bool) -> DeliveryOutcome {
        requestMayHaveBeenSent ? .ambiguous(reason) : .retry(reason, scope: .zammad)
    }

    private static func delivered(_ answer: Answer) -> DeliveryOutcome {
        if answer.isHTML {
            return .misconfigured("HTTP \(answer.status) with a web page: this is not Zammad's CTI endpoint")
        }
        switch answer.action {
        case "reject"?: return .delivered(.reject(reason: answer.actionDetail ?? ""))
        case "dial"?: return .delivered(.dial(callerID: answer.actionDetail ?? ""))
        default: return .delivered(.plain)
        }
    }

    /// 422 says of what it is only by its text: the switched-off integration, a bad field, and every database fault.
    private static func unprocessable(_ answer: Answer, _ reason: String) -> DeliveryOutcome {
        let text = answer.errorText?.lowercased() ?? ""
        let concernsAll = text.contains("feature is disabled") || text.contains("not configured")
        return concernsAll ? .misconfigured(reason) : .refused(reason)
    }

    private static func saysAlreadyExists(_ text: String?) -> Bool {
        text?.lowercased().contains("already exists") ?? false
    }
}
