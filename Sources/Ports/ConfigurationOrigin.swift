/// Which of the places that may set a key has set it.
package enum ConfigurationOrigin: Equatable, Sendable, CustomStringConvertible {
    case `default`
    case file(path: String, line: Int)
    case environment(String)
    /// A file named by a `…_file` key; the secret is its content.
    case secretFile(path: String)
    case credential(String)

    package var description: String {
        switch self {
        case .default: "default"
        case .file(let path, let line): "\(path):\(line)"
        case .environment(let name): "environment \(name)"
        case .secretFile(let path): "file \(path)"
        case .credential(let name): "credential \(name)"
        }
    }
}
