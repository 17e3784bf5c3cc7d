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
        let hasEffect: Bool
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
    var configuration: [String: [String: Value]] = [:]

    init(_ effective: EffectiveConfiguration) {
        file = effective.filePath
        warnings = effective.warnings.map {
            Warning(message: $0.message, location: $0.location?.description, remedy: $0.remedy)
        }
        for entry in effective.entries {
            configuration[entry.section, default: [:]][entry.key] = Value(
                hasEffect: !entry.isInactive, origin: entry.origin.description, value: entry.value)
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
