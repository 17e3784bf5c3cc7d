/// The parts of an http or https address, as far as settings need them. Deliberately strict: nothing is repaired.
struct WebAddress: Equatable, Sendable {
    let scheme: String
    /// Host and, where given, port.
    let authority: String
    /// With the slash at its start; empty when there is none.
    let path: String
    let hasQueryOrFragment: Bool

    var origin: String { "\(scheme)://\(authority)" }

    enum Fault: Error, Equatable {
        case noScheme
        case unsupportedScheme
        case hasUserInformation
        case invalidHost
        case invalidPort
        case invalidCharacter
    }

    init(_ text: String) throws(Fault) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .invalidCharacter }
        guard let separator = text.firstRange(of: "://") else { throw .noScheme }
        scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { throw .unsupportedScheme }
        let rest = text[separator.upperBound...]
        let end = rest.firstIndex(where: { "/?#".contains($0) }) ?? rest.endIndex
        authority = String(rest[..<end])
        let tail = rest[end...]
        let pathEnd = tail.firstIndex(where: { "?#".contains($0) }) ?? tail.endIndex
        path = String(tail[..<pathEnd])
        hasQueryOrFragment = pathEnd != tail.endIndex
        try Self.check(authority)
    }

    private static func check(_ authority: String) throws(Fault) {
        guard !authority.contains("@") else { throw .hasUserInformation }
        var host = authority[...]
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else { throw .invalidHost }
            host = authority[authority.index(after: authority.startIndex)..<bracket]
            let rest = authority[authority.index(after: bracket)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw .invalidHost }
            port = rest.isEmpty ? nil : rest.dropFirst()
            guard host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { throw .invalidHost }
        } else {
            if let colon = authority.firstIndex(of: ":") {
                host = authority[..<colon]
                port = authority[authority.index(after: colon)...]
            }
            let isName = host.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_" }
            guard isName else { throw .invalidHost }
        }
        guard !host.isEmpty else { throw .invalidHost }
        if let port {
            guard let number = UInt16(port), number > 0, !port.hasPrefix("+") else { throw .invalidPort }
        }
    }
}
