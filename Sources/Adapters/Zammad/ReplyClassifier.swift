package import Domain

/// Turns what came back from Zammad into an outcome. The rules are those of Zammad's CTI controller and `Cti::Log`,
/// observed by running Zammad itself.
package enum ReplyClassifier {
    package static func classify(_ answer: ZammadAnswer, to event: CallCommand.Event) -> DeliveryOutcome {
        if answer.status >= 400, event == .newCall, saysAlreadyExists(answer.errorText) { return .alreadyKnown }
        switch ZammadStatusClass(answer) {
        case .success: return delivered(answer)
        // What is not Zammad's says nothing about this event.
        case .stranger: return .misconfigured(answer.strangersWords)
        case .notNow: return .retry(answer.reason, scope: .zammad, after: answer.retryAfter)
        case .denied, .missing: return .misconfigured(answer.reason)
        case .unprocessable: return unprocessable(answer)
        case .refused: return .refused(answer.reason)
        case .failed: return failed(answer, event)
        case .ambiguous: return .ambiguous(answer.reason)
        }
    }

    /// For an attempt that got no answer. `requestMayHaveBeenSent`: `false` only if no byte of the request can have
    /// arrived.
    package static func classify(failure reason: String, requestMayHaveBeenSent: Bool) -> DeliveryOutcome {
        requestMayHaveBeenSent ? .ambiguous(reason) : .retry(reason, scope: .zammad)
    }

    private static func delivered(_ answer: ZammadAnswer) -> DeliveryOutcome {
        switch answer.action {
        case "reject"?: return .delivered(.reject(reason: answer.actionDetail ?? ""))
        case "dial"?: return .delivered(.dial(callerID: answer.actionDetail ?? ""))
        default: return .delivered(.plain)
        }
    }

    /// 422 says of what it is only by its text: the switched-off integration, a bad field, and every database fault.
    private static func unprocessable(_ answer: ZammadAnswer) -> DeliveryOutcome {
        let text = answer.errorText?.lowercased() ?? ""
        let concernsAll = text.contains("feature is disabled") || text.contains("not configured")
        return concernsAll ? .misconfigured(answer.reason) : .refused(answer.reason)
    }

    private static func failed(_ answer: ZammadAnswer, _ event: CallCommand.Event) -> DeliveryOutcome {
        // With this text fails what is below Zammad's own code, as when its database is down.
        if answer.errorText == "Internal Server Error" { return .retry(answer.reason, scope: .zammad) }
        if event == .newCall { return .retry(answer.reason, scope: .event) }
        // Zammad names the error, always. A proxy's page does not tell whether Zammad has seen the request.
        let isZammads = answer.body == .object && answer.errorText != nil
        return isZammads ? .unknownCall(answer.reason) : .ambiguous(answer.reason)
    }

    private static func saysAlreadyExists(_ text: String?) -> Bool {
        text?.lowercased().contains("already exists") ?? false
    }
}
