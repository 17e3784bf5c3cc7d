import Ports

/// A YAML node as the reader of settings needs it, with its place in the file.
struct YAMLValue: Equatable, Sendable {
    indirect enum Content: Equatable, Sendable {
        case null
        /// The text as written; which type it has is decided by the key, so that `pass: 0123` keeps its zero.
        case scalar(String)
        case list([YAMLValue])
        case mapping([Field])
    }

    struct Field: Equatable, Sendable {
        let name: String
        let nameLocation: ConfigurationLocation
        let value: YAMLValue
    }

    let content: Content
    let location: ConfigurationLocation

    /// Completes "not …"; never shows the content.
    var typeName: String {
        switch content {
        case .null: "nothing"
        case .scalar: "a text"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}
