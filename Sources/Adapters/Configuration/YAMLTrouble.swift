import Ports

/// Tells what is wrong with a line that is no YAML in the terms of whoever wrote it, and shows the line, without what may be a secret.
struct YAMLTrouble: Equatable {
    var message: String
    /// From 1, as those of a location.
    var line: Int
    var column: Int
    var remedy: String

    /// - Parameters:
    ///   - mark: Where the parser stopped, which is often the line after.
    ///   - begun: Where that began which the parser was reading.
    static func find(in lines: [YAMLLine], mark: Int, begun: Int?) -> YAMLTrouble? {
        for number in [begun, mark].compactMap(\.self) where lines.indices.contains(number - 1) {
            if let trouble = lines[number - 1].trouble(number) { return trouble }
        }
        // A key whose colon has no space behind it is taken for a text, and the text goes on until the next colon.
        for number in stride(from: min(mark - 1, lines.count), to: max(0, mark - 20), by: -1) {
            if let trouble = lines[number - 1].missingSpace(number) { return trouble }
        }
        return nil
    }
}

/// One line of a configuration file.
struct YAMLLine {
    private let scalars: [Unicode.Scalar]
    /// Up to the key, or to the first thing that is no blank and no hyphen of a list.
    private let start: Int
    private let key: String
    private let colon: Int?

    init(_ scalars: some Sequence<Unicode.Scalar>) {
        let scalars = Array(scalars)
        func isName(_ scalar: Unicode.Scalar) -> Bool {
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_")
        }
        let start =
            scalars.indices.first { index in
                let isHyphen = scalars[index] == "-" && index + 1 < scalars.count && scalars[index + 1] == " "
                return !Self.isBlank(scalars[index]) && !isHyphen
            } ?? scalars.count
        let end = scalars[start...].firstIndex { !isName($0) } ?? scalars.count
        var key = String.UnicodeScalarView()
        key.append(contentsOf: scalars[start..<end])
        self.scalars = scalars
        self.start = start
        self.key = String(key)
        colon = end > start && end < scalars.count && scalars[end] == ":" ? end : nil
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

    /// Where the value begins, if there is one.
    private var value: Int? {
        colon.flatMap { colon in scalars[(colon + 1)...].firstIndex { !Self.isBlank($0) } }
    }

    private func text(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }

    // MARK: - What is wrong

    func trouble(_ number: Int) -> YAMLTrouble? {
        if let tab = scalars[..<start].firstIndex(of: "\t") {
            return YAMLTrouble(
                message: "a tab in the indentation", line: number, column: tab + 1, remedy: "indent with spaces")
        }
        if let trouble = missingSpace(number) { return trouble }
        guard let value else { return nil }
        let first = scalars[value]
        if first == "\"" || first == "'" { return quoteTrouble(first, from: value, number) }
        if "%@`*&!|>[{".unicodeScalars.contains(first) {
            return YAMLTrouble(
                message: "a value that begins with \(first)", line: number, column: value + 1, remedy: inQuotes)
        }
        let inner = scalars.indices.dropFirst(value).first { index in
            scalars[index] == ":" && (index + 1 == scalars.count || Self.isBlank(scalars[index + 1]))
        }
        guard let inner else { return nil }
        return YAMLTrouble(
            message: "a value with a colon in it", line: number, column: inner + 1, remedy: inQuotes)
    }

    /// Only of keys that there are: `https://…` is no key.
    func missingSpace(_ number: Int) -> YAMLTrouble? {
        guard let colon, colon + 1 < scalars.count, !Self.isBlank(scalars[colon + 1]), Self.known.contains(key) else {
            return nil
        }
        let rest = Self.secret.contains(key) ? "…" : text(colon + 1..<scalars.count).excerpt
        return YAMLTrouble(
            message: "no space after the colon", line: number, column: colon + 2, remedy: "write \(key): \(rest)")
    }

    private func quoteTrouble(_ quote: Unicode.Scalar, from value: Int, _ number: Int) -> YAMLTrouble? {
        var index = value + 1
        while index < scalars.count {
            if quote == "\"", scalars[index] == "\\" {
                index += 2
                continue
            }
            if scalars[index] == quote {
                guard quote == "'", index + 1 < scalars.count, scalars[index + 1] == "'" else { break }
                index += 1
            }
            index += 1
        }
        guard index < scalars.count else {
            return YAMLTrouble(
                message: "a quote that is not closed", line: number, column: value + 1,
                remedy: "write another \(quote) behind the value")
        }
        let behind = scalars[(index + 1)...].first { !Self.isBlank($0) }
        guard let behind, behind != "#" else { return nil }
        return YAMLTrouble(
            message: "text behind the closing quote", line: number, column: index + 2,
            remedy: "put the whole value in quotes; within '…' a ' is written twice")
    }

    private var inQuotes: String { "write it in quotes: \(key): '…'" }

    /// What YAML takes for a comment, or for nothing, where it may be part of a text.
    func lostPart(_ number: Int) -> YAMLTrouble? {
        guard let value, Self.text.contains(key), scalars[value] != "\"", scalars[value] != "'" else { return nil }
        if scalars[value] == "&", Self.secret.contains(key) {
            return YAMLTrouble(
                message: "a value that begins with & is a name in YAML, and not taken for the value", line: number,
                column: value + 1, remedy: inQuotes)
        }
        let mark = scalars.indices.dropFirst(value).first { index in
            scalars[index] == "#" && Self.isBlank(scalars[index - 1]) && index + 1 < scalars.count
                && !Self.isBlank(scalars[index + 1]) && scalars[index + 1] != "#"
        }
        guard let mark else { return nil }
        return YAMLTrouble(
            message: "from # on the line is a comment in YAML, and no part of the value", line: number,
            column: mark + 1,
            remedy: "if it belongs to the value, \(inQuotes); else write a space behind the #")
    }

    // MARK: - How it is shown

    /// The line and beneath it a caret; what may be a secret is left out.
    func shown(column: Int) -> [String] {
        var shown = text(0..<start)
        let isKnown = colon.map { !text($0..<scalars.count).isSuspicious } ?? false
        if Self.known.contains(key), !Self.secret.contains(key), isKnown {
            shown = text(0..<min(scalars.count, 160))
        } else if let colon, Self.known.contains(key) {
            shown += text(start..<(value ?? colon + 1)) + (value == nil ? "" : SettingInterpreter.mask)
        } else {
            shown += "…"
        }
        let line = shown.replacing("\t", with: "→").withoutControlCharacters
        return [line, String(repeating: " ", count: min(max(0, column - 1), line.unicodeScalars.count)) + "^"]
    }

    private static let known = Set(
        ConfigurationKeys.all.map(\.name) + ConfigurationSection.allCases.map(\.rawValue)
            + [ConfigurationTestReader.section])
    static let secret = Set(ConfigurationKeys.all.filter(\.isSecret).map(\.name))
    private static let text = secret.union(["user", "group"])
}

extension String {
    /// Whether a secret may be in what stands behind another key.
    fileprivate var isSuspicious: Bool { YAMLLine.secret.contains { contains($0) } }
}
