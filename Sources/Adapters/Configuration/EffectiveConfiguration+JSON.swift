import Foundation
package import Ports

extension EffectiveConfiguration {
    /// The same as `render()` for programs; the schema is in docs/configuration.md. Keys are sorted.
    package func renderJSON() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(JSONDocument(self)), as: UTF8.self) + "\n"
    }
}

private struct JSONDocument: Encodable {
    struct Value: Encodable {
        let origin: String
        let value: ConfigurationEntry.Value
    }

    struct Warning: Encodable {
        let message: String
        let location: String?
        let remedy: String
    }

    let file: String?
    let warnings: [Warning]
    enum Section: Encodable {
        case mapping([String: Value])
        case list([[String: Value]])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .mapping(let keys): try container.encode(keys)
            case .list(let entries): try container.encode(entries)
            }
        }
    }

    var configuration: [String: Section] = [:]

    init(_ effective: EffectiveConfiguration) {
        file = effective.filePath
        warnings = effective.warnings.map {
            Warning(message: $0.message, location: $0.location?.description, remedy: $0.remedy)
        }
        for (section, entries) in Dictionary(grouping: effective.entries, by: \.section) {
            var (groups, last): ([[String: Value]], String?) = ([], nil)
            for entry in entries {
                if groups.isEmpty || entry.entry != last { groups.append([:]) }
                last = entry.entry
                groups[groups.count - 1][entry.key] = Value(
                    origin: entry.origin.description, value: entry.value)
            }
            configuration[section] = entries[0].entry == nil ? .mapping(groups[0]) : .list(groups)
        }
    }
}

extension ConfigurationEntry.Value: Encodable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    package func encode(to encoder: any Encoder) throws {
        if case .mapping(let fields) = self {
            var container = encoder.container(keyedBy: Name.self)
            for field in fields { try container.encode(field.value, forKey: Name(stringValue: field.name)) }
            return
        }
        var container = encoder.singleValueContainer()
        switch self {
        case .none, .mapping: try container.encodeNil()
        case .boolean(let boolean): try container.encode(boolean)
        case .number(let number):
            if let integer = Int(number) { try container.encode(integer) } else { try container.encode(Double(number)) }
        case .text(let text): try container.encode(text)
        case .list(let elements): try container.encode(elements)
        }
    }
}
