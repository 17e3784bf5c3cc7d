/// Which Zammad gets a call. The first rule that fits decides, when the call is reported for the first time, for the
/// call's whole life.
///
/// It decides by what the poll shows that makes the call relevant: `newCall` waits for nothing. A call that no rule
/// takes is not reported, and asked about again whenever a poll shows something new of it.
package struct Routing: Equatable, Sendable, Codable {
    package struct Rule: Equatable, Sendable, Codable {
        package var zammad: ZammadName
        package var match: CallMatch

        package init(zammad: ZammadName, match: CallMatch = CallMatch()) {
            self.zammad = zammad
            self.match = match
        }
    }

    /// Empty: the one Zammad, by the default name, takes every call.
    package var rules: [Rule]

    package init(rules: [Rule] = []) {
        self.rules = rules
    }

    /// `nil` if no rule takes the call.
    package func zammad(for call: ObservedCall, of phoneSystem: String, numbers: NumberPlan) -> ZammadName? {
        guard !rules.isEmpty else { return .default }
        return rules.first { $0.match.fits(call, of: phoneSystem, numbers: numbers) }?.zammad
    }
}
