import Adapters

/// A time in which something is made to fail, counted from the demo's beginning: `20s..40s`.
package struct DemoOutage: Equatable, Sendable {
    package let start: Duration
    package let end: Duration

    /// `nil` for what is no such time.
    package init?(_ text: String) {
        guard let dots = text.firstRange(of: "..") else { return nil }
        guard let start = DurationArgument.duration(String(text[..<dots.lowerBound])),
            let end = DurationArgument.duration(String(text[dots.upperBound...])), start < end
        else { return nil }
        self.start = start
        self.end = end
    }
}
