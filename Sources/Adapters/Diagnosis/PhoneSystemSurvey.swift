import Domain
package import Ports
package import Wire

/// What somebody who writes a configuration can choose from.
package struct PhoneSystemSurvey: Equatable, Sendable {
    /// Names of groups; empty where there are none, or where the login may not read them.
    package var groups: [String] = []
    /// Extensions, queues and ring groups, by their numbers.
    package var stations: [WatchList.Station] = []

    package init(groups: [String] = [], stations: [WatchList.Station] = []) {
        self.groups = groups
        self.stations = stations
    }
}

extension PhoneSystemCheck {
    /// The way to the address, and which version answers there; `nil` after reporting what is wrong.
    package static func isVersion20(
        _ configuration: BridgeConfiguration, transport: any HTTPTransport, clock: any Clock, _ report: CheckReporter
    ) async -> Bool? {
        let settings = PhoneSystemSettings(configuration)
        guard await connect(settings.phoneSystem, clock, report) else { return nil }
        await report.step("asking 3CX for its version")
        do throws(PollFailure) {
            let found = try await TokenEndpoint.findVersion(PhoneSystemRequests(settings, transport))
            let version = found.isVersion20 ? "a 3CX of version 20 or later" : "a 3CX before version 20"
            await report.finding(.ok(.version, "this is \(version): \(found.answer)"))
            return found.isVersion20
        } catch {
            await report.finding(finding(error))
            return nil
        }
    }

    /// Logs in, and lists what can be watched; `nil` after reporting what is wrong. Nothing is said about what the
    /// configuration watches, which is not decided yet.
    package func survey(_ report: CheckReporter) async -> PhoneSystemSurvey? {
        guard let poll = await poll(report) else { return nil }
        let facts = await describeLogin(poll, report)
        await report(notices(poll.notices.filter { $0.topic != .watchesAll }))
        let stations = facts.dialPlan?.stations([.extension, .queue, .ringGroup]) ?? []
        return PhoneSystemSurvey(groups: facts.groups.sorted(), stations: stations)
    }
}
