/// What the configuration already names although this version does not do it. To make a key work, take it out here.
enum NotYetAvailable {
    /// Checked like all others; a warning says that they change nothing.
    static let inactiveKeys: Set<String> = []

    /// Values that would promise something: an error, with what to use instead.
    static let refusedChoices: [String: [String: String]] = [:]

    static let warning = "has no effect in this version"
}
