import Domain
import Ports
import Wire

/// Which interfaces of a 3CX v20 a login may use, and what is missing for the others.
struct Version20Interfaces: Sendable {
    /// Why call control, or XAPI, is not used; `nil` where it is.
    let callControlRefusal: Refusal?
    let xapiRefusal: Refusal?

    struct Refusal: Hashable, Sendable {
        var what: String
        var remedy: String
    }

    /// Asks both. Throws if one of them gives no answer that decides: it is asked again then.
    static func find(_ login: Version20Login) async throws(PollFailure) -> Version20Interfaces {
        var callControl: Refusal?
        switch login.access {
        case .client:
            callControl = try await ask(
                CallControlView.path, login, remedy: CallControlView.permissionRemedy,
                lacks: CallControlView.lacksExtensions)
        case .user:
            callControl = Refusal(
                what: "call control needs an API client",
                remedy:
                    "for news within milliseconds create one in 3CX (Admin > Integrations > API) and set 3CX.client_id "
                    + "and 3CX.client_secret")
        }
        let xapi = try await ask(XAPIView.path, login, remedy: login.access.remedy)
        return Version20Interfaces(callControlRefusal: callControl, xapiRefusal: xapi)
    }

    private static func ask(
        _ path: String, _ login: Version20Login, remedy: String,
        lacks: (HTTPResponse) -> Refusal? = { _ in nil }
    ) async throws(PollFailure) -> Refusal? {
        let response = try await login.owner.send(.get, path)
        switch response.status {
        case 200..<300: return lacks(response)
        case 401, 403, 404: return Refusal(what: "\(path) answers HTTP \(response.status)", remedy: remedy)
        default: throw login.requests.unexpected(response, .get, path)
        }
    }

    /// All that may be used; `nil` for nothing.
    var usable: PhoneSystemInterface? {
        switch (callControlRefusal, xapiRefusal) {
        case (nil, nil): .joined
        case (nil, _?): .callControl
        case (_?, nil): .xapi
        case (_?, _?): nil
        }
    }

    /// Why nothing may be used.
    func failure(_ requests: PhoneSystemRequests) -> PollFailure {
        let refusals = [callControlRefusal, xapiRefusal].compactMap { $0 }
        return requests.failure(
            .permissionMissing, refusals.map(\.what).joined(separator: ", and "), .get, CallControlView.path,
            remedy: refusals.map(\.remedy).joined(separator: "; or "))
    }

    /// What is missing, for the log.
    var notices: [Notice] {
        var notices: [Notice] = []
        if let refusal = xapiRefusal {
            notices.append(
                Notice(
                    .info,
                    "XAPI is not used (\(refusal.what)), so that groups and the agents' names are not known",
                    remedy: refusal.remedy))
        }
        if let refusal = callControlRefusal {
            notices.append(
                Notice(
                    .info, "call control is not used (\(refusal.what)), so that XAPI is polled",
                    remedy: refusal.remedy))
        }
        return notices
    }
}
