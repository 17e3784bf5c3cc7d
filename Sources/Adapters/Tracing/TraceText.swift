import Domain

/// Masks what single texts hold: known secrets and what looks like one, phone numbers, e-mail addresses, names.
struct TraceText: Sendable {
    let secrets: TraceSecrets
    let showsNumbers: Bool

    static let hidden = "••••"

    func masked(_ text: String, as rule: TraceRule) -> String {
        guard !text.isEmpty else { return "" }
        if case .secret = rule { return Self.hidden }
        let scalars = Array(withoutSecrets(text).unicodeScalars)
        if TraceShape.timestamp(in: scalars, at: 0) == scalars.count { return String(scalars) }
        switch rule {
        case .identifier where TraceShape.isIdentifier(scalars): return String(scalars)
        case .word where TraceShape.isWord(scalars): return maskedText(scalars)
        case .text: return maskedText(scalars)
        case .path: return maskedPath(String(scalars))
        case .identifier, .word, .name, .secret: return maskedName(scalars)
        }
    }

    // MARK: - Known secrets

    /// Byte by byte: a comparison of characters would miss a secret that is followed by a combining mark.
    func withoutSecrets(_ text: String) -> String {
        guard !secrets.isEmpty else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if let end = secrets.end(in: bytes, at: index) {
                result += Self.hidden.utf8
                index = end
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    // MARK: - Names

    /// Words that tell no person apart.
    private static let impersonal: Set<String> = ["anonymous", "voicemail", "AuthSuccess", "AuthFailed"]

    /// `10001 Doe, John (+493023125001)` → `10001 D…, J… (•••001)`.
    private func maskedName(_ scalars: [Unicode.Scalar]) -> String {
        let whole = String(scalars)
        if Self.impersonal.contains(whole) { return whole }
        var result = ""
        var index = 0
        while index < scalars.count {
            let end = TraceShape.endOfWord(in: scalars, from: index)
            if end > index, scalars[index..<end].contains(where: { !$0.isTraceDigit }) {
                result += initial(scalars[index..<end])
                index = end
            } else if let number = TraceShape.number(in: scalars, at: index) {
                result += shown(number, in: scalars, from: index)
                index = number.end
            } else {
                result.unicodeScalars.append(scalars[index])
                index += 1
            }
        }
        return result
    }

    /// The first letter, where the script has letters of which one alone tells little.
    private func initial(_ word: ArraySlice<Unicode.Scalar>) -> String {
        guard let first = word.first, first.properties.isCased else { return "…" }
        return "\(first)…"
    }

    // MARK: - Numbers

    /// NumberMask's form for what is long enough to be an external number. DNs, ports and the like stay as they are.
    private func shown(_ number: TraceShape.Number, in scalars: [Unicode.Scalar], from start: Int) -> String {
        guard number.digits.count >= 6, !showsNumbers else { return String(scalars[start..<number.end]) }
        return NumberMask.masked(String(number.digits))
    }

    // MARK: - Texts

    private func maskedText(_ scalars: [Unicode.Scalar]) -> String {
        var result = ""
        var index = 0
        while index < scalars.count {
            if let end = TraceShape.timestamp(in: scalars, at: index) ?? TraceShape.address(in: scalars, at: index) {
                result += String(scalars[index..<end])
                index = end
                continue
            }
            if let assignment = TraceShape.secretAssignment(in: scalars, at: index) {
                result += String(scalars[index..<assignment.lowerBound]) + Self.hidden
                index = assignment.upperBound
                continue
            }
            if let end = TraceShape.endOfMail(in: scalars, from: index) {
                result += maskedMail(scalars[index..<end])
                index = end
                continue
            }
            let end = TraceShape.endOfRun(in: scalars, from: index)
            if end > index, TraceShape.isToken(scalars[index..<end]) {
                result += Self.hidden
                index = end
            } else if let number = TraceShape.number(in: scalars, at: index) {
                result += shown(number, in: scalars, from: index)
                index = number.end
            } else {
                // Up to the next place at which one of these can begin.
                repeat {
                    result.unicodeScalars.append(scalars[index])
                    index += 1
                } while index < scalars.count && scalars[index - 1].isTraceLetter && scalars[index].isTraceLetter
                    && !scalars[index].isTraceDigit
            }
        }
        return result
    }

    /// Of `sip:101@10.0.0.5:5060` only the user part can be personal; of an e-mail address the domain can as well.
    private func maskedMail(_ mail: ArraySlice<Unicode.Scalar>) -> String {
        let text = String(mail)
        guard text.lowercased().hasPrefix("sip"), let at = mail.firstIndex(of: "@"),
            let colon = mail.firstIndex(of: ":"),
            colon < at
        else { return maskedName(Array(mail)) }
        return String(mail[...colon]) + maskedName(Array(mail[(colon + 1)..<at])) + maskedText(Array(mail[at...]))
    }

    // MARK: - Paths

    /// Ids of participants stay whole, however long; what follows Zammad's `cti` is its token.
    private func maskedPath(_ path: String) -> String {
        var before = ""
        return path.split(separator: "/", omittingEmptySubsequences: false).map { segment -> String in
            defer { before = segment.lowercased() }
            if before == "participants", segment.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
                return String(segment)
            }
            if before == "cti", segment != "log", !segment.isEmpty { return Self.hidden }
            return maskedText(Array(segment.unicodeScalars))
        }.joined(separator: "/")
    }
}

extension String {
    init(_ scalars: some Sequence<Unicode.Scalar>) {
        self.init(String.UnicodeScalarView(scalars))
    }
}
