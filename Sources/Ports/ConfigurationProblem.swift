/// One thing that is wrong with the settings, or (as a warning) odd about them.
///
/// No part of it ever holds the value of a secret.
package struct ConfigurationProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// What happened.
    package let message: String
    package let location: ConfigurationLocation?
    /// What the operator can do.
    package let remedy: String
    /// The line of the file, and beneath it a caret; empty where the place alone is clear enough.
    package let excerpt: [String]

    package init(
        _ message: String, at location: ConfigurationLocation?, remedy: String, excerpt: [String] = []
    ) {
        self.message = message
        self.location = location
        self.remedy = remedy
        self.excerpt = excerpt
    }

    /// `what happened at FILE:LINE:COLUMN; what to do`, always on one line.
    package var description: String {
        let place = location.map { " \($0.preposition) \($0)" } ?? ""
        return "\(message)\(place); \(remedy)".withoutControlCharacters
    }
}
