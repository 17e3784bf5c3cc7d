/// The place in which a setting was found, or should have been.
package enum ConfigurationLocation: Equatable, Sendable, CustomStringConvertible {
    /// Line and column count from 1; a column is one Unicode scalar.
    case position(file: String, line: Int, column: Int)
    case file(String)
    case environment(String)
    /// A file in systemd's credentials directory, by its name.
    case credential(String)

    package var description: String {
        switch self {
        case .position(let file, let line, let column): "\(file):\(line):\(column)"
        case .file(let path): path
        case .environment(let name): "environment variable \(name)"
        case .credential(let name): "credential \(name)"
        }
    }

    /// The word that joins a message to the place: a point is *at*, a container *in*.
    package var preposition: String {
        switch self {
        case .position, .file: "at"
        case .environment, .credential: "in"
        }
    }
}
