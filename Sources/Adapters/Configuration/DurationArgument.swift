/// Durations on the command line, written as in the configuration.
package enum DurationArgument {
    private static let longest = 366 * 86400.0

    /// `nil` for what is no duration, or longer than a year.
    package static func duration(_ text: String) -> Duration? {
        guard let seconds = DurationText.seconds(text), seconds <= longest else { return nil }
        return DurationText.duration(seconds: seconds)
    }
}
