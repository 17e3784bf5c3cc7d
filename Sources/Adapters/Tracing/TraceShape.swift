/// What parts of a text look like. Every function looks at one place and tells where the part that begins there ends.
enum TraceShape {
    struct Number {
        var end: Int
        /// Without plus and separators.
        var digits: [Unicode.Scalar]
    }

    // MARK: - Whole values

    /// Ids as the servers write them. A plus begins a phone number.
    static func isIdentifier(_ text: [Unicode.Scalar]) -> Bool {
        text.count <= 128 && text.first != "+" && !isWebToken(text)
            && text.allSatisfy { $0.isTraceLetter && $0.isASCII || ".:-+".has($0) }
    }

    /// A name that an interface gives to a field.
    static func isField(_ key: String) -> Bool {
        let scalars = key.unicodeScalars
        return scalars.count <= 60 && scalars.allSatisfy { $0.isTraceLetter && $0.isASCII || ".-@$:".has($0) }
    }

    static func isWord(_ text: [Unicode.Scalar]) -> Bool {
        text.count <= 48 && text.allSatisfy { $0.isTraceLetter && $0.isASCII || ".:-+*#".has($0) }
    }

    /// A JSON web token, or a long text without blanks that mixes letters and digits: a cookie, a key.
    static func isToken(_ text: some Collection<Unicode.Scalar>) -> Bool {
        isWebToken(text)
            || text.count >= 24 && !text.contains(".") && text.contains { $0.isTraceDigit }
                && text.contains { $0.properties.isAlphabetic }
    }

    private static func isWebToken(_ text: some Collection<Unicode.Scalar>) -> Bool {
        text.starts(with: "eyJ".unicodeScalars)
    }

    // MARK: - Parts

    /// The end of a run of letters, digits and marks.
    static func endOfWord(in text: [Unicode.Scalar], from start: Int) -> Int {
        var index = start
        while index < text.count, text[index].isTraceLetter { index += 1 }
        return index
    }

    /// The end of a run of the characters that tokens are made of.
    static func endOfRun(in text: [Unicode.Scalar], from start: Int) -> Int {
        var index = start
        // Bounded, as the one below: a text must not be read anew to its end from every place in it.
        let limit = min(text.count, start + 1024)
        while index < limit, text[index].isTraceLetter || "-+=.~".has(text[index]) { index += 1 }
        return index
    }

    /// An address with an `@`, up to the next blank, quote, bracket or comma.
    static func endOfMail(in text: [Unicode.Scalar], from start: Int) -> Int? {
        guard text[start].isTraceLetter, start == 0 || !text[start - 1].isTraceLetter else { return nil }
        var index = start
        var at: Int?
        let limit = min(text.count, start + 320)
        while index < limit, !" \t\n\r\"'<>()[]{},;&".has(text[index]) {
            if text[index] == "@" { at = index }
            index += 1
        }
        guard let at, at + 1 < index else { return nil }
        return index
    }

    /// A phone number or a shorter number. Digits that are set apart by a hyphen, slash or dot belong together; those with blanks
    /// or brackets between as well if they begin with a plus or a zero, since a list of extensions looks alike.
    static func number(in text: [Unicode.Scalar], at start: Int) -> Number? {
        var index = start
        let isLong = text[start] == "+" || text[start] == "0"
        if text[start] == "+" { index += 1 }
        guard index < text.count, text[index].isTraceDigit else { return nil }
        var number = Number(end: index, digits: [])
        while index < text.count, text[index].isTraceDigit {
            while index < text.count, text[index].isTraceDigit {
                number.digits.append(text[index])
                index += 1
            }
            number.end = index
            let limit = min(index + 3, text.count)
            while index < limit, "-/.".has(text[index]) || (isLong && " ()\u{A0}".has(text[index])) { index += 1 }
            if index > number.end, timestamp(in: text, at: index) != nil { break }
        }
        return number
    }

    /// `2026-02-03`, `2026-02-03T09:15:01.3304112+00:00` and what is between.
    static func timestamp(in text: [Unicode.Scalar], at start: Int) -> Int? {
        var index = start
        func digits(_ count: Int) -> Int? {
            guard index + count <= text.count else { return nil }
            var value = 0
            for scalar in text[index..<(index + count)] {
                guard scalar.isASCII, scalar.isTraceDigit else { return nil }
                value = value * 10 + Int(scalar.value - 0x30)
            }
            index += count
            return value
        }
        func sign(_ signs: String) -> Bool {
            guard index < text.count, signs.has(text[index]) else { return false }
            index += 1
            return true
        }
        guard start == 0 || !text[start - 1].isTraceLetter, let year = digits(4), (1970...2199).contains(year),
            sign("-"),
            let month = digits(2), (1...12).contains(month), sign("-"), let day = digits(2), (1...31).contains(day)
        else { return nil }
        if index < text.count, text[index].isTraceDigit { return nil }
        let endOfDay = index
        guard sign("T "), digits(2) != nil, sign(":"), digits(2) != nil else { return endOfDay }
        if sign(":"), digits(2) == nil { return nil }
        let endOfTime = index
        if sign(".") {
            while index < text.count, index - endOfTime <= 12, text[index].isTraceDigit { index += 1 }
        }
        let end = index
        if sign("Z") { return index }
        guard sign("+-"), digits(2) != nil else { return end }
        let endOfZone = index
        if sign(":") { return digits(2) == nil ? endOfZone : index }
        return endOfZone
    }

    /// An IPv4 address, which would else look like a number with dots in it.
    static func address(in text: [Unicode.Scalar], at start: Int) -> Int? {
        guard text[start].isTraceDigit, start == 0 || !(text[start - 1].isTraceLetter || ".+-".has(text[start - 1]))
        else { return nil }
        var index = start
        for part in 0..<4 {
            var value = 0
            let begin = index
            while index < text.count, index - begin < 4, text[index].isASCII, text[index].isTraceDigit {
                value = value * 10 + Int(text[index].value - 0x30)
                index += 1
            }
            guard index > begin, value <= 255 else { return nil }
            if part < 3 {
                guard index < text.count, text[index] == "." else { return nil }
                index += 1
            }
        }
        guard index == text.count || !(text[index].isTraceLetter || "-/".has(text[index])) else { return nil }
        return index
    }

    /// `password=…`, `"token": "…"`, `Bearer …`: the place of what follows.
    static func secretAssignment(in text: [Unicode.Scalar], at start: Int) -> Range<Int>? {
        guard text[start].isTraceLetter, start == 0 || !text[start - 1].isTraceLetter else { return nil }
        var index = start
        while index < text.count, index - start < 60, text[index].isTraceLetter || text[index] == "-" { index += 1 }
        let key = String(text[start..<index])
        if ["bearer", "basic"].contains(key.lowercased()) {
            guard index < text.count, text[index] == " " else { return nil }
        } else {
            guard TraceRule.isSecret(key: key) else { return nil }
            let end = min(index + 4, text.count)
            guard let sign = text[index..<end].firstIndex(where: { ":=".has($0) }),
                text[index..<sign].allSatisfy({ "\"' ".has($0) })
            else { return nil }
            index = sign + 1
        }
        while index < text.count, "\"' ".has(text[index]) { index += 1 }
        let begin = index
        while index < text.count, !"\"' &,;<>".has(text[index]) { index += 1 }
        return index > begin ? begin..<index : nil
    }
}

extension Unicode.Scalar {
    /// A decimal digit of any script.
    var isTraceDigit: Bool {
        isASCII ? (0x30...0x39).contains(value) : properties.numericType == .decimal
    }

    /// What a word is made of: letters, digits, the marks on them, and the underscore.
    var isTraceLetter: Bool {
        if isASCII {
            return isTraceDigit || (0x41...0x5A).contains(value) || (0x61...0x7A).contains(value) || self == "_"
        }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .format, .modifierLetter: return true
        default: return properties.isAlphabetic || properties.numericType != nil
        }
    }
}

extension String {
    fileprivate func has(_ scalar: Unicode.Scalar) -> Bool { unicodeScalars.contains(scalar) }
}
