import Adapters

/// A request as a loopback server received it.
struct LoopbackRequest: Equatable, Sendable {
    let method: String
    /// The path without the query.
    let path: String
    /// The raw query string, empty if there is none.
    let query: String
    /// Header fields by lower-case name.
    let headers: [String: String]
    let body: String

    /// The body as JSON, nil if it is none.
    var json: LoopbackJSON? { try? LoopbackJSON(text: body) }

    /// The fields of a form body, decoded; empty if the content type is not that of a form.
    var form: [String: String] {
        guard headers["content-type"]?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true else {
            return [:]
        }
        return Self.fields(of: body)
    }

    var queryFields: [String: String] { Self.fields(of: query) }

    /// The cookies of the `Cookie` header by name.
    var cookies: [String: String] {
        var cookies: [String: String] = [:]
        for pair in (headers["cookie"] ?? "").split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            cookies[String(parts[0].drop(while: { $0 == " " }))] = String(parts[1])
        }
        return cookies
    }

    private static func fields(of encoded: String) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in encoded.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            fields[decoded(parts[0])] = parts.count == 2 ? decoded(parts[1]) : ""
        }
        return fields
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let digits = [rest.next(), rest.next()].compactMap { $0 }
                bytes.append(UInt8(String(decoding: digits, as: UTF8.self), radix: 16) ?? UInt8(ascii: "?"))
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
