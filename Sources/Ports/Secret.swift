/// A value that must never be printed: a password, a token, an endpoint with a token in its path.
///
/// It describes itself as `••••`, also in debug output, string interpolation and reflection; `reveal()` gives the value
/// to the one place that sends it.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    package init(_ value: String) {
        self.value = value
    }

    package func reveal() -> String { value }

    package var isEmpty: Bool { value.isEmpty }

    /// As secrets are shown.
    package static let mask = "••••"

    package var description: String { Self.mask }

    package var debugDescription: String { Self.mask }

    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
