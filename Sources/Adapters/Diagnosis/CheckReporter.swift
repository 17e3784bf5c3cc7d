/// Tells what goes on while it goes on.
package struct CheckReporter: Sendable {
    /// What is about to be asked.
    package var step: @Sendable (String) async -> Void
    package var finding: @Sendable (CheckFinding) async -> Void

    package init(
        step: @escaping @Sendable (String) async -> Void, finding: @escaping @Sendable (CheckFinding) async -> Void
    ) {
        self.step = step
        self.finding = finding
    }

    func callAsFunction(_ findings: [CheckFinding]) async {
        for one in findings { await finding(one) }
    }
}
