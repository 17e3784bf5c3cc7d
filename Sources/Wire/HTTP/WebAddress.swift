/// An absolute http or https URL, taken apart. Deliberately strict: nothing is repaired.
package struct WebAddress: Equatable, Sendable {
    package let origin: HTTPOrigin
    /// Host and, where given, port, as they are written.
    package let authority: String
    /// With the slash at its start; empty when there is none.
    package let path: String
    package let hasQueryOrFragment: Bool

    /// Scheme, host and port, as they are written.
    package var writtenOrigin: String { "\(origin.scheme)://\(authority)" }

    package enum Fault: Error, Equatable {
        case noScheme
        case unsupportedScheme
        case hasUserInformation
        case invalidHost
        case invalidPort
        case invalidCharacter
    }

    /// - Parameter ignoringUser: Leaves out a user name and password, which HTTP clients treat in different ways,
    ///   instead of refusing them.
    package init(_ text: String, ignoringUser: Bool = false) throws(Fault) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .invalidCharacter }
        guard let separator = text.firstRange(of: "://") else { throw .noScheme }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { throw .unsupportedScheme }
        let rest = text[separator.upperBound...]
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        var authority = rest[..<end]
        if let at = authority.lastIndex(of: "@") {
            guard ignoringUser else { throw .hasUserInformation }
            authority = authority[authority.index(after: at)...]
        }
        let (host, port) = try Self.split(authority)
        origin = HTTPOrigin(scheme: scheme, host: host.lowercased(), port: port)
        self.authority = String(authority)
        path = String(rest[end...].prefix { !"?#".contains($0) })
        hasQueryOrFragment = rest[end...].contains { "?#".contains($0) }
    }

    private static func split(_ authority: Substring) throws(Fault) -> (host: Substring, port: Int?) {
        let host: Substring
        let tail: Substring
        if authority.first == "[" {
            guard let bracket = authority.firstIndex(of: "]") else { throw .invalidHost }
            host = authority[..<bracket].dropFirst()
            tail = authority[bracket...].dropFirst()
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                throw .invalidHost
            }
        } else {
            host = authority.prefix { $0 != ":" }
            tail = authority[host.endIndex...]
            guard !host.isEmpty, host.allSatisfy({ $0.isLetter || $0.isNumber || ".-_".contains($0) }) else {
                throw .invalidHost
            }
        }
        guard let colon = tail.first else { return (host, nil) }
        guard colon == ":" else { throw .invalidHost }
        guard !tail.hasPrefix(":+"), let port = UInt16(tail.dropFirst()), port > 0 else { throw .invalidPort }
        return (host, Int(port))
    }
}
