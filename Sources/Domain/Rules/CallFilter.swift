/// Which calls the operator does not want Zammad to hear of. It holds for calls that are not reported yet: one that is
/// stays followed to its end.
package struct CallFilter: Equatable, Sendable, Codable {
    /// The extensions that count; empty for all that are watched. Queues and ring groups are not chosen by it.
    package var include: [NumberPattern] = []
    /// The DNs that do not count, of whatever kind.
    package var exclude: [NumberPattern] = []
    /// Outside numbers, as `NumberPlan.comparable` gives them.
    package var ignoredNumbers: [NumberPattern] = []
    /// Whether callers without a number are reported.
    package var reportsAnonymous = true

    package init(include: [NumberPattern] = [], exclude: [NumberPattern] = []) {
        self.include = include
        self.exclude = exclude
    }

    /// Why a call on watched DNs is not reported all the same; `nil` if it is.
    func objection(to call: ObservedCall, _ numbers: NumberPlan) -> IgnoredReason? {
        guard call.legs.contains(where: { $0.isMonitored && counts($0.dn, $0.role) }) else { return .excludedExtension }
        guard let number = call.external?.number.flatMap({ NumberPlan.compact($0) }) else {
            return reportsAnonymous || call.direction == .outbound ? nil : .anonymousCaller
        }
        guard !ignoredNumbers.isEmpty, let comparable = numbers.comparable(number) else { return nil }
        return ignoredNumbers.contains { $0.matches(comparable) } ? .ignoredNumber : nil
    }

    /// Whether a watched DN counts.
    package func counts(_ dn: String, _ role: LegRole) -> Bool {
        if exclude.contains(where: { $0.matches(dn) }) { return false }
        return include.isEmpty || role != .agent || include.contains { $0.matches(dn) }
    }
}
