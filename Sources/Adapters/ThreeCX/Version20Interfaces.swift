import Domain
import Ports

/// Which interfaces of a 3CX v20 a login may use, and what is missing for the others.
struct Version20Interfaces: Sendable {
    /// Why call control, or XAPI, is not used; `nil` where it is.
    let callControlRefusal: Refusal?
    let xapiRefusal: Refusal?

    struct Refusal: Hashable, Sendable {
        var what: String
        var remedy: String
    }

    private static let xapiPath = XAPIRequests.root + "ActiveCalls"

    /// Asks both. Throws if one of them gives no answer that decides: it is asked again then.
    static func find(
        _ owner: any BearerOwner, _ access: XAPIAccess, _ requests: PhoneSystemRequests
    ) async throws(LookFailure) -> Version20Interfaces {
        var callControl: Refusal?
        switch access {
        case .client:
            callControl = try await ask(
                CallControlView.path, owner, requests, remedy: CallControlView.permissionRemedy,
                lacks: CallControlView.lacksExtensions)
        case .user:
            callControl = Refusal(
                what: "call control needs an API client",
                remedy:
                    "for news within milliseconds create one in 3CX (Admin > Integrations > API) and set 3CX.client_id "
                    + "and 3CX.client_secret")
        }
        let xapi = try await ask(xapiPath, owner, requests, remedy: access.remedy)
        return Version20Interfaces(callControlRefusal: callControl, xapiRefusal: xapi)
    }

    private static func ask(
        _ path: String, _ owner: any BearerOwner, _ requests: PhoneSystemRequests, remedy: String,
        lacks: (HTTPResponse) -> Refusal? = { _ in nil }
    ) async throws(LookFailure) -> Refusal? {
        let response = try await owner.send(.get, path)
        switch response.status {
        case 200..<300: return lacks(response)
        case 401, 403, 404: return Refusal(what: "\(path) answers HTTP \(response.status)", remedy: remedy)
        default: throw requests.unexpected(response, .get, path)
        }
    }

    /// The view on all that may be used.
    func view(
        settings: PhoneSystemSettings, requests: PhoneSystemRequests, owner: any BearerOwner, access: XAPIAccess,
        sockets: (any WebSocketOpener)?, clock: any Clock
    ) throws(LookFailure) -> any PhoneSystemView {
        let whole = XAPICalls(settings: settings, requests: requests, owner: owner, access: access, clock: clock)
        switch (callControlRefusal, xapiRefusal) {
        case (nil, let refusal):
            return CallControlView(
                settings: settings, requests: requests, owner: owner, whole: refusal == nil ? whole : nil,
                sockets: sockets, clock: clock)
        case (_?, nil):
            return XAPIView(calls: whole, owner: owner)
        case (let callControl?, let xapi?):
            throw requests.failure(
                .permissionMissing, "\(callControl.what), and \(xapi.what)", .get, CallControlView.path,
                remedy: "\(callControl.remedy); or \(xapi.remedy)")
        }
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
