package import Ports
import Wire

/// A value that somebody gives for a key, not in a file.
package enum ConfigurationAnswer {
    /// What is wrong with it, in the words that the reader has for it in a file.
    ///
    /// - Parameter path: `Section.key`.
    package static func problems(_ path: String, _ value: ConfigurationEntry.Value) -> [ConfigurationProblem] {
        let content = content(value)
        guard content != .scalar(""), content != .list([]) else { return [] }
        return read(path, content).problems.map { ConfigurationProblem($0.message, at: nil, remedy: $0.remedy) }
    }

    /// What the key has by it, as `EffectiveConfiguration.entries` shows it; `nil` if the key cannot have it.
    package static func meaning(_ path: String, _ value: ConfigurationEntry.Value) -> ConfigurationEntry.Value? {
        read(path, content(value)).shown
    }

    private static func read(
        _ path: String, _ content: YAMLValue.Content
    ) -> (shown: ConfigurationEntry.Value?, problems: [ConfigurationProblem]) {
        guard let key = ConfigurationKeys.key(path) else { return (nil, []) }
        var (configuration, findings) = (ConfigurationKeys.defaults, Findings())
        let value = YAMLValue(content: content, location: nowhere)
        let isUsable = key.read(value, into: &configuration, &findings)
        return (isUsable ? key.shown(configuration) : nil, findings.problems)
    }

    /// The text of a configuration file.
    package static func text(at path: String) throws(ConfigurationProblem) -> String {
        do throws(BoundedFile.Failure) {
            let bytes = try BoundedFile.read(path, limit: YAMLDocument.maximumBytes)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .unreadable(reason: "it is not valid UTF-8")
            }
            return text
        } catch {
            throw YAMLConfigurationSource.problem(error, path)
        }
    }

    /// The secret in a file, as the `…_file` keys of the configuration have it.
    package static func secret(at path: String) throws(ConfigurationProblem) -> String {
        do {
            return try OverrideLayers.secret(at: path)
        } catch {
            throw ConfigurationProblem(
                "the file with the secret \(error.description)", at: .file(path),
                remedy: "check the path, and that you may read it")
        }
    }

    /// Reads the text of a file as the file at the path would be read, without the environment.
    package static func read(_ text: String, path: String) throws(ConfigurationError) -> EffectiveConfiguration {
        try YAMLConfigurationSource(path: path).load(Array(text.utf8), path: path)
    }

    /// What is wrong with an answer is said where it is given.
    private static let nowhere = ConfigurationLocation.file("")

    private static func content(_ value: ConfigurationEntry.Value) -> YAMLValue.Content {
        switch value {
        case .none: .null
        case .boolean(let boolean): .scalar(boolean ? "true" : "false")
        case .number(let text), .text(let text): .scalar(text)
        case .list(let elements):
            .list(elements.map { YAMLValue(content: content($0), location: nowhere) })
        case .mapping(let fields):
            .mapping(
                fields.map { field in
                    let value = YAMLValue(content: content(field.value), location: nowhere)
                    return .init(name: field.name, nameLocation: nowhere, value: value)
                })
        }
    }
}

extension BridgeConfiguration {
    /// By the paths of their keys; of several phone systems or Zammads those of the first.
    package var secrets: [String: Secret] {
        let keys = ConfigurationKeys.settings.map { ($0.path, $0.secret(self)) }
        return Dictionary(uniqueKeysWithValues: keys).compactMapValues(\.self)
    }
}
