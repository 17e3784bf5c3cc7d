import Domain
import Ports

extension PhoneSystemFacts {
    /// Asks a 3CX v20 for its version and its licence; each may be forbidden.
    static func ofVersion20(
        _ owner: any BearerOwner, _ requests: PhoneSystemRequests, _ clock: any Clock
    ) async -> PhoneSystemFacts {
        var facts = PhoneSystemFacts()
        do throws(LookFailure) {
            // Any token of XAPI may ask this; the version is in a header.
            let answer = try await owner.send(.get, XAPIRequests.root + "Defs?$select=Id")
            facts.serverAhead = ServerDate(answer).map { $0.instant - clock.now() }
            if answer.status == 200 { facts.version = DisplayName.clean(answer.headers.first("X-3CX-Version")) }
            let path = XAPIRequests.root + "Defs/Pbx.GetLicenseParameters()"
            let licence = try await owner.send(.get, path)
            facts.take(try requests.decode(XAPIMessages.LicenceParameters.self, licence, .get, path))
        } catch {
            // What is missing stays unknown: the calls themselves are seen without it.
        }
        return facts
    }

    private mutating func take(_ parameters: XAPIMessages.LicenceParameters) {
        let edition: String? =
            switch (parameters.isEnterprise, parameters.isProfessional) {
            case (true?, _): "Enterprise"
            case (_, true?): "Professional"
            default: DisplayName.clean(parameters.productCode)
            }
        lacksInterfaces = parameters.isProfessional == true && parameters.isEnterprise != true
        licence = PhoneSystemFacts.licence(edition, calls: parameters.mostCalls)
    }

    /// `nil` without an edition.
    static func licence(_ edition: String?, calls: Int?) -> String? {
        edition.map { edition in edition + (calls.map { ", \($0) simultaneous calls" } ?? "") }
    }
}
