import CustomDump
import Testing

/// `#expect(found == expected)` that shows where they differ. (CustomDump's own `expectNoDifference` reports to Swift
/// Testing only where its support library is linked, and passes in silence where it is not.)
func expectSame<Value: Equatable>(
    _ found: Value, _ expected: Value, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(found == expected, "\(diff(expected, found) ?? "")", sourceLocation: sourceLocation)
}
