import Domain
import Ports

/// Masks what single texts hold: known secrets and what looks like one, phone numbers, e-mail addresses, names.
struct TraceText: Sendable {
    let secrets: TraceSecrets
    let showsNumbers: Bool

    static let hidden = "••••"

    /// On one line.
    func masked(_ text: String, as rule: TraceRule) -> String {
        guard !text.isEmpty else { return "" }
        if case .secret = rule { return Self.hidden }
        let text = secrets.hidden(in: text)
        if TraceShape.isTimestamp(text) { return text }
        switch rule {
        case .identifier where TraceShape.isIdentifier(text): return text
        case .word where TraceShape.isWord(text): return sentence(text)
        case .text: return sentence(text).withoutControlCharacters
        case .path: return path(text).withoutControlCharacters
        case .identifier, .word, .name, .secret: return names(text).withoutControlCharacters
        }
    }

    // MARK: - Names

    /// Words that tell no person apart.
    private static let impersonal: Set<String> = ["anonymous", "voicemail", "AuthSuccess", "AuthFailed"]

    /// `10001 Doe, John (+493023125001)` → `10001 D…, J… (•••001)`.
    private func names(_ text: String) -> String {
        if Self.impersonal.contains(text) { return text }
        return text.replacing(Self.wordOrNumber) { match in
            guard let word = match.output.word else { return number(match.output.0) }
            // The first letter, where the script has letters of which one alone tells little.
            guard let first = word.unicodeScalars.first, first.properties.isCased else { return "…" }
            return "\(first)…"
        }
    }

    // MARK: - Numbers

    /// NumberMask's form for what is long enough to be an external number. DNs, ports and the like stay as they are.
    private func number(_ text: Substring) -> String {
        let digits = text.filter(\.isNumber)
        return digits.count < 6 || showsNumbers ? String(text) : NumberMask.masked(digits)
    }

    // MARK: - Sentences

    private func sentence(_ text: String) -> String {
        let isPlainWord = text.utf8.count < 24 && text.utf8.allSatisfy { 0x61...0x7A ~= $0 | 0x20 || $0 == 0x5F }
        // Nearly all keys and states are one.
        if isPlainWord { return text }
        return text.replacing(Self.parts) { match in
            let part = match.output
            if let plain = part.plain { return String(plain) }
            if let key = part.key { return key + Self.hidden }
            if let mail = part.mail { return address(mail) }
            if let run = part.run { return TraceShape.isToken(run) ? Self.hidden : number(run) }
            return number(part.0)
        }
    }

    /// Of `sip:101@10.0.0.5:5060` only the user part can be personal; of an e-mail address the domain can as well.
    private func address(_ text: Substring) -> String {
        guard let at = text.lastIndex(of: "@"), let colon = text[..<at].firstIndex(of: ":"),
            text.lowercased().hasPrefix("sip")
        else { return names(String(text)) }
        return text[...colon] + names(String(text[colon...].dropFirst().prefix { $0 != "@" }))
            + sentence(String(text[at...]))
    }

    // MARK: - Paths

    /// Ids of participants stay whole, however long; what follows Zammad's `cti` is its token.
    private func path(_ path: String) -> String {
        var before = ""
        return path.split(separator: "/", omittingEmptySubsequences: false).map { segment -> String in
            defer { before = segment.lowercased() }
            if before == "participants", segment.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) { return String(segment) }
            if before == "cti", segment != "log", !segment.isEmpty { return Self.hidden }
            return sentence(String(segment))
        }.joined(separator: "/")
    }

    // MARK: - Patterns

    // Nothing changes them, and to match with one is safe from any thread: `Regex` only does not say so.

    /// Digits set apart by hyphens, slashes or dots belong together; those with blanks or brackets between as well if
    /// they begin with a plus or a zero, since a list of extensions looks alike.
    private nonisolated(unsafe) static let wordOrNumber =
        #/
        (?<word> \d* [\w\p{M}&&[^\d]] [\w\p{M}]* )
        | (?: \+\d | 0 ) (?: [\-\/.\ ()\u{A0}]{0,3} \d )* | \d (?: [\-\/.]{0,3} \d )*
        /#.matchingSemantics(.unicodeScalar)

    /// What a sentence may hold: times and IPv4 addresses, which look like numbers; secrets by the word before them;
    /// addresses of e-mail and SIP; what may be a token; numbers.
    private nonisolated(unsafe) static let parts =
        #/
        (?<plain> \b (?: 19 | 2[01] ) [0-9]{2} - [01][0-9] - [0-3][0-9]
                (?: [T\ ] [0-2][0-9] : [0-9]{2} [0-9:.]* (?: Z | [+\-][0-9:]{2,5} )? )? \b
            | \b [12]?[0-9]{1,2} (?: \. [12]?[0-9]{1,2} ){3} \b (?! [\-\/.]\d ) )
        | (?<key> \b (?i: (?: bearer | basic ) \ | (?:
                [\w\-]{0,40} (?: pass | secret | token | cookie | authoriz | api[_\-]?key | license[_\-]?key
                    | security[_\-]?code | credential | signature | session | jwt ) [\w\-]*
                | pin | auth | key | otp | license ) ["'\ ]{0,3} [:=] ) ["'\ ]* ) [^"'\ &,;<>]+
        | (?<mail> [^\s"'<>()\[\]\{\},;&@]{1,320} @ [^\s"'<>()\[\]\{\},;&]+ )
        | (?<run> eyJ [\w\-+=.~]* | [\w\-+=~]{24,} )
        | (?: \+\d | 0 ) (?: [\-\/.\ ()\u{A0}]{0,3} \d )* | \d (?: [\-\/.]{0,3} \d )*
        /#.matchingSemantics(.unicodeScalar)
}
