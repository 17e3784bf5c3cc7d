package import Ports
package import Wire

/// The configuration that a fixture gives, completed where it does not matter to what happens in it.
package enum FixtureConfiguration {
    /// Why there is none: a section or key in it is wrong.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameters:
    ///   - config: A fixture's, by section.
    ///   - overrides: Values by section and key that count instead of the fixture's.
    package static func effective(
        _ config: [String: JSONValue], overrides: [String: [String: JSONValue]] = [:]
    ) throws(Failure) -> EffectiveConfiguration {
        var sections = config
        for (section, keys) in overrides {
            guard case .object(let given)? = sections[section] ?? .object([:]) else {
                throw Failure(description: "section \(section) of config must be an object")
            }
            sections[section] = .object(given.merging(keys) { _, override in override })
        }
        sections["3CX"] = try completed(sections["3CX"], "3CX") { number in
            credentials.merging(["host": .string("https://pbx\(number).example.net")]) { $1 }
        }
        sections["Zammad"] = try completed(sections["Zammad"], "Zammad") { number in
            ["endpoint": .string("https://zammad\(number).example.com/api/v1/cti/fixture")]
        }
        do {
            // JSON is YAML: the reader of the configuration file judges it.
            return try YAMLConfigurationSource().load(FixtureJSON.encode(sections), path: "config")
        } catch let error as ConfigurationError {
            throw Failure(description: error.description)
        } catch {
            throw Failure(description: "config cannot be read")
        }
    }

    /// What logs in to a 3CX that is played.
    private static let credentials: [String: JSONValue] = Dictionary(
        uniqueKeysWithValues: PhoneSystemLogin.Credentials.allCases.flatMap(\.paths).compactMap { path in
            ConfigurationKeys.key(path).map { ($0.name, "fixture") }
        })

    /// One peer or a list of them, each with what it needs and does not give. `missing`: by its number in a list, `-1`
    /// and so on, or by none.
    private static func completed(
        _ section: JSONValue?, _ name: String, missing: (String) -> [String: JSONValue]
    ) throws(Failure) -> JSONValue {
        switch section {
        case nil: return .object(missing(""))
        case .object(let keys)?: return .object(keys.merging(missing("")) { given, _ in given })
        case .array(let entries)?:
            var list: [JSONValue] = []
            for (index, entry) in entries.enumerated() {
                guard case .object(let keys) = entry else { break }
                list.append(.object(keys.merging(missing("-\(index + 1)")) { given, _ in given }))
            }
            if list.count == entries.count { return .array(list) }
        default: break
        }
        throw Failure(description: "section \(name) of config must be an object or a list of objects")
    }
}
