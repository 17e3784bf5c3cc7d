package import Domain

/// Turns what came back from Zammad into an outcome. The rules are those of Zammad's CTI controller and `Cti::Log`,
/// observed by running Zammad itself.
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
        package var body: Body
        /// Where a redirect leads, as ` to …`, without anything secret.
        package var redirection: String
        /// Whether it says that this port speaks TLS, and was asked without.
        package var wantsTLS: Bool

        package enum Body: Equatable, Sendable {
            /// All that Zammad ever says to a request that accepts JSON alone.
            case object
            case webPage
            case empty
            case other
        }

        package init(
            status: Int,
            errorText: String? = nil,
            action: String? = nil,
            actionDetail: String? = nil,
            retryAfter: Duration? = nil,
            body: Body = .object,
            redirection: String = "",
            wantsTLS: Bool = false
        ) {
            self.status = status
            self.errorText = errorText
            self.action = action
            self.actionDetail = actionDetail
            self.retryAfter = retryAfter
            self.body = body
            self.redirection = redirection
            self.wantsTLS = wantsTLS
        }

        /// Whether Zammad itself can have said this: a success is an object without an error (`{}`, or one with an
        /// action), a refusal one that names the error. A proxy, a login page or another server says anything else.
        package var isZammads: Bool {
            switch status {
            case 200: body == .object && errorText == nil
            case 400..<500: body == .object && errorText != nil
            default: body == .object
            }
        }

        /// `HTTP 200 with a web page: …`, for an answer that is not Zammad's.
        package var strangersWords: String {
            if wantsTLS {
                return
                    "HTTP \(status): this port of Zammad expects https:// and was asked with http://; write https:// "
                    + "in Zammad.endpoint"
            }
            if (300..<400).contains(status) { return "HTTP \(status): the endpoint redirects elsewhere\(redirection)" }
            let what =
                switch body {
                case .object: errorText.map { "an error (\($0))" } ?? "JSON that Zammad does not send"
                case .webPage: "a web page"
                case .empty: "nothing in it"
                case .other: "something that is not a JSON object"
                }
            return "HTTP \(status) with \(what): something between the bridge and Zammad answers, or another server"
        }
    }

    package static func classify(_ answer: Answer, to event: CallCommand.Event) -> DeliveryOutcome {
        let reason = "HTTP \(answer.status)" + (answer.errorText.map { ": \($0)" } ?? "")
        // What is not Zammad's says nothing about this event.
        let stranger = DeliveryOutcome.misconfigured(answer.strangersWords)
        if answer.status >= 400, event == .newCall, saysAlreadyExists(answer.errorText) { return .alreadyKnown }
        switch answer.status {
        case 200 where answer.isZammads:
            return delivered(answer)
        case 200..<400:
            return stranger
        case 408, 429:
            return .retry(reason, scope: .zammad, after: answer.retryAfter)
        case 400..<500 where !answer.isZammads:
            return stranger
        case 401, 403, 404, 405:
            return .misconfigured(reason)
        case 422:
            return unprocessable(answer, reason)
        case 400..<500:
            return .refused(reason)
        case 502, 503:
            return .retry(reason, scope: .zammad, after: answer.retryAfter)
        case 504:
            return .ambiguous(reason)
        // With this text fails what is below Zammad's own code, as when its database is down.
        case 500 where answer.errorText == "Internal Server Error":
            return .retry(reason, scope: .zammad)
        // Zammad names the error, always. A proxy's page does not tell whether Zammad has seen the request.
        case 500 where event != .newCall && (answer.body != .object || answer.errorText == nil):
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

    /// For an attempt that got no answer. `requestMayHaveBeenSent`: `false` only if no byte of the request can have
    /// arrived.
    package static func classify(failure reason: String, requestMayHaveBeenSent: Bool) -> DeliveryOutcome {
        requestMayHaveBeenSent ? .ambiguous(reason) : .retry(reason, scope: .zammad)
    }

    private static func delivered(_ answer: Answer) -> DeliveryOutcome {
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
