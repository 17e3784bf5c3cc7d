import CustomDump
import Testing

/// Compares whole values and shows where they differ.
///
/// In place of the function of the same name in CustomDump, whose failures do not reach Swift Testing unless one more
/// of its libraries is linked: a test with a difference would pass.
func expectNoDifference<Value: Equatable>(
    _ actual: Value,
    _ expected: Value,
    _ note: @autoclosure () -> String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual != expected else { return }
    let difference = CustomDump.diff(expected, actual) ?? "the values differ, although they look alike"
    Issue.record("− expected, + actual \(note())\n\(difference)", sourceLocation: sourceLocation)
}
