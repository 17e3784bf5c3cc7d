import Domain
import Ports
import Wire

/// What a PBX tells of itself that the bridge does not need for its work, but an operator who sets it up does.
package struct PhoneSystemFacts: Equatable, Sendable {
    /// `20.0.8.1121`; `nil` where the login may not read it.
    var version: String?
    /// In words; `nil` where the login may not read it.
    var licence: String?
    /// Whether the licence is one without the interfaces for API clients.
    var lacksInterfaces = false
    /// What the DNs are, and which are watched.
    var dialPlan: DialPlan?
    /// The names of its groups; empty where the login may not read them.
    var groups: [String] = []
    /// How much later it is there than here.
    var serverAhead: Duration?
}

extension PhoneSystemFacts {
    /// Asks a 3CX v20 for its version and its licence; each may be forbidden.
    static func ofVersion20(
        _ owner: TokenOwner, _ requests: PhoneSystemRequests, _ clock: any Clock
    ) async -> PhoneSystemFacts {
        var facts = PhoneSystemFacts()
        do throws(PollFailure) {
            // Any token of XAPI may ask this; the version is in a header.
            let answer = try await owner.send(.get, XAPIRequests.root + "Defs?$select=Id")
            facts.serverAhead = ServerDate(answer).map { $0.instant - clock.now() }
            if answer.status == 200 { facts.version = DisplayName.clean(answer.headers.first("X-3CX-Version")) }
            let path = XAPIRequests.root + "Defs/Pbx.GetLicenseParameters()"
            let licence = try await owner.send(.get, path)
            facts.take(try requests.decode(WireFields.self, licence, .get, path))
        } catch {
            // What is missing stays unknown: the calls themselves are seen without it.
        }
        return facts
    }

    private mutating func take(_ parameters: WireFields) {
        let isEnterprise = parameters.flag("IsEnterprise")
        lacksInterfaces = parameters.flag("IsProfessional") && !isEnterprise
        let edition =
            isEnterprise
            ? "Enterprise" : lacksInterfaces ? "Professional" : DisplayName.clean(parameters.text("ProductCode"))
        licence = Self.licence(edition, parameters)
    }

    /// `nil` without an edition.
    static func licence(_ edition: String?, _ parameters: WireFields) -> String? {
        let calls = parameters.number("MaxSimCalls").map { ", \($0) simultaneous calls" } ?? ""
        return edition.map { $0 + calls }
    }
}
