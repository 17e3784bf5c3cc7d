/// Any JSON, kept as it is: the raw answers of a recorded session.
package enum JSONValue: Equatable, Sendable, Codable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try Self.attempt(Bool.self, container) {
            self = .boolean(value)
        } else if let value = try Self.attempt(Int64.self, container) {
            self = .integer(value)
        } else if let value = try Self.attempt(Double.self, container) {
            self = .number(value)
        } else if let value = try Self.attempt(String.self, container) {
            self = .text(value)
        } else if let value = try Self.attempt([JSONValue].self, container) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .boolean(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    private static func attempt<Value: Decodable>(
        _ type: Value.Type, _ container: any SingleValueDecodingContainer
    ) throws -> Value? {
        do { return try container.decode(type) } catch DecodingError.typeMismatch { return nil }
    }
}
