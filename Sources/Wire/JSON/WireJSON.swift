import FoundationEssentials

/// Decodes the bodies that a PBX sends.
package enum WireJSON {
    /// What a body is, where it is not what was asked for.
    package struct Malformed: Error, Equatable {
        package var what: String
    }

    package static func decode<Value: Decodable>(_ type: Value.Type, from body: [UInt8]) throws(Malformed) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(repaired(body)))
        } catch {
            throw Malformed(what: describe(body, error))
        }
    }

    /// With what JSON forbids replaced: a name with a stray byte must not blind the bridge for a whole call. Before
    /// decoding, since the decoder looks at a string only when it is asked for, so that the row with the name would be
    /// lost alone.
    package static func repaired(_ body: [UInt8]) -> [UInt8] {
        // Most bodies are ASCII without control characters, and one pass over all bytes, without a way out, tells it
        // soonest.
        var (all, controls): (UInt8, UInt8) = (0, 0)
        for byte in body {
            all |= byte
            controls |= byte < 0x20 ? 1 : 0
        }
        if all < 0x80, controls == 0 { return body }
        let text =
            String(validating: body, as: UTF8.self) == nil ? Array(String(decoding: body, as: UTF8.self).utf8) : body
        return controls == 0 ? text : text.map { $0 < 0x20 ? 0x20 : $0 }
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
