import Domain
import Ports

extension WatchList {
    /// - Parameters:
    ///   - plan: With those that are watched.
    ///   - listsExtensions: Whether it has all extensions that there are.
    init(
        _ plan: DialPlan, listsExtensions: Bool, _ settings: PhoneSystemSettings, warnings: [StandingWarning]
    ) {
        let filter = CallFilter(include: settings.phoneSystem.include, exclude: settings.phoneSystem.exclude)
        let watched = plan.monitored.sorted { PBXCallID($0) < PBXCallID($1) }
            .map { Station($0, name: plan.name(of: $0), kind: plan.kind(of: $0) ?? .other) }
        self.init(
            stations: watched.filter { filter.counts($0.number, $0.kind.legRole) },
            leftOut: watched.filter { !filter.counts($0.number, $0.kind.legRole) }.map(\.number),
            warnings: warnings + Self.unmatched(plan, settings)
                + Self.unknownAgents(plan, listsExtensions: listsExtensions, settings))
    }

    private static func unmatched(_ plan: DialPlan, _ settings: PhoneSystemSettings) -> [StandingWarning] {
        settings.phoneSystem.include.filter { !plan.monitored.contains(where: $0.matches) }.map { pattern in
            let what = "3CX.include names \(pattern), which is not watched"
            if plan.entries.keys.contains(where: pattern.matches) {
                return StandingWarning(
                    .phoneSystem, what, remedy: "watch a group that it belongs to, or leave it out of 3CX.include")
            }
            let hint = hint([pattern.description], Array(plan.monitored))
            return StandingWarning(.configuration, what, remedy: "correct 3CX.include" + hint)
        }
    }

    private static func unknownAgents(
        _ plan: DialPlan, listsExtensions: Bool, _ settings: PhoneSystemSettings
    ) -> [StandingWarning] {
        settings.agentExtensions.filter { plan.entries[$0] == nil && !plan.monitored.contains($0) }.map { number in
            guard listsExtensions else {
                return StandingWarning(
                    .phoneSystem, "Zammad.agents names extension \(number), which is not watched",
                    remedy: "add it to what is watched, or correct Zammad.agents")
            }
            return StandingWarning(
                .configuration, "Zammad.agents names extension \(number), which 3CX does not have",
                remedy: "correct Zammad.agents" + hint([number], Array(plan.monitored)))
        }
    }

    /// Behind a remedy: the names that were probably meant.
    static func hint(_ names: [String], _ known: [String]) -> String {
        let meant = names.compactMap { NearestName.nearest(to: $0, among: known.sorted()) }.map { "\"\($0)\"" }
        return meant.isEmpty ? "" : "; did you mean \(meant.joined(separator: " and "))?"
    }
}
