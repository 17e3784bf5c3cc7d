package import Ports

/// The configuration that a fixture gives, completed where it does not matter to what happens in it.
package enum FixtureConfiguration {
    /// Why there is none: a section or key in it is wrong.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameters:
    ///   - config: A fixture's, by section.
    ///   - defaults: Values by section and key, for keys that the fixture does not set, besides credentials.
    ///   - overrides: Values that count instead of the fixture's.
    package static func effective(
        _ config: [String: JSONValue], defaults: [String: [String: JSONValue]],
        overrides: [String: [String: JSONValue]] = [:]
    ) throws(Failure) -> EffectiveConfiguration {
        var sections = config
        try merge(into: &sections, ["3CX": credentials]) { given, _ in given }
        try merge(into: &sections, defaults) { given, _ in given }
        try merge(into: &sections, overrides) { _, override in override }
        return try load(sections)
    }

    /// What logs in to a 3CX that is played.
    static let credentials: [String: JSONValue] = [
        "user": .string("fixture"), "pass": .string("fixture"), "client_id": .string("fixture"),
        "client_secret": .string("fixture"),
    ]

    /// - Parameter sections: All that is needed, by name.
    static func load(_ sections: [String: JSONValue]) throws(Failure) -> EffectiveConfiguration {
        do {
            // JSON is YAML: the reader of the configuration file judges it.
            return try YAMLConfigurationSource().load(FixtureJSON.encode(sections), path: "config")
        } catch let error as ConfigurationError {
            throw Failure(description: error.description)
        } catch {
            throw Failure(description: "config cannot be read")
        }
    }

    private static func merge(
        into sections: inout [String: JSONValue], _ added: [String: [String: JSONValue]],
        choosing choose: (JSONValue, JSONValue) -> JSONValue
    ) throws(Failure) {
        for (section, keys) in added {
            guard case .object(let given)? = sections[section] ?? .object([:]) else {
                throw Failure(description: "section \(section) of config must be an object")
            }
            sections[section] = .object(given.merging(keys, uniquingKeysWith: choose))
        }
    }
}
