import FoundationEssentials
import Ports

/// Decodes the bodies that a PBX sends.
enum WireJSON {
    /// What a body is, where it is not what was asked for.
    struct Malformed: Error, Equatable {
        var what: String
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from body: [UInt8]) throws(Malformed) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            return try decodeRepaired(type, from: body, because: error)
        }
    }

    /// Once more with what JSON forbids replaced: one name with a stray byte must not blind the bridge for a whole call.
    private static func decodeRepaired<Value: Decodable>(
        _ type: Value.Type, from body: [UInt8], because first: any Error
    ) throws(Malformed) -> Value {
        let isClean =
            String(validating: body, as: UTF8.self) != nil && !body.contains { $0 < 0x20 && $0 != 0x0A && $0 != 0x0D }
        guard !isClean else { throw Malformed(what: describe(body, first)) }
        let text = String(decoding: body, as: UTF8.self)
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8.map { $0 < 0x20 ? 0x20 : $0 }))
        } catch {
            throw Malformed(what: describe(body, error))
        }
    }

    private static func describe(_ body: [UInt8], _ error: any Error) -> String {
        guard let start = body.first(where: { $0 > 0x20 }) else { return "an empty body" }
        switch start {
        case UInt8(ascii: "<"): return "a web page instead of JSON"
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            switch error {
            case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
                DecodingError.keyNotFound(_, let context):
                let path = context.codingPath.map(\.stringValue).joined(separator: ".")
                return "JSON of another shape" + (path.isEmpty ? "" : " (\(path))")
            default: return "truncated or malformed JSON"
            }
        default: return "text instead of JSON"
        }
    }
}
