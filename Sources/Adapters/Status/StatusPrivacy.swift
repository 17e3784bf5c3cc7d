import Domain

/// Whether numbers and names of callers are shown.
package struct StatusPrivacy: Equatable, Sendable {
    /// As in the log: unless asked for, numbers are masked, and names of callers left out.
    package var showsNumbers: Bool

    package init(showsNumbers: Bool) {
        self.showsNumbers = showsNumbers
    }

    package func shown(_ number: String) -> String {
        showsNumbers || number == NumberPlan.anonymous ? number : NumberMask.masked(number)
    }
}
