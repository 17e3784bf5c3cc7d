import Ports

/// Tells what is wrong with a line that is no YAML in the terms of whoever wrote it, and shows the line, without what
/// may be a secret.
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
    /// Up to the key, or to the first thing that is no blank, no hyphen of a list and nothing that no key begins with.
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
                return !Self.isBlank(scalars[index]) && !isHyphen && !Self.noBeginning.contains(scalars[index])
            } ?? scalars.count
        let end = scalars[start...].firstIndex { !isName($0) } ?? scalars.count
        var key = String.UnicodeScalarView()
        key.append(contentsOf: scalars[start..<end])
        self.scalars = scalars
        self.start = start
        self.key = String(key)
        colon = end > start && end < scalars.count && scalars[end] == ":" ? end : nil
    }

    private static let noBeginning = Array("%@`".unicodeScalars)

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
        if let mark = scalars[..<start].firstIndex(where: Self.noBeginning.contains) {
            return YAMLTrouble(
                message: "a line that begins with \(scalars[mark])", line: number, column: mark + 1,
                remedy: colon == nil
                    ? "write it in quotes, or # in front if it is a comment" : "write \(key): without it")
        }
        if let trouble = missingSpace(number) { return trouble }
        guard let value else { return nil }
        let first = scalars[value]
        if first == "\"" || first == "'" { return quoteTrouble(first, from: value, number) }
        if "%@`*&!|>[]{},".unicodeScalars.contains(first) || ("-?:".unicodeScalars.contains(first) && endsAWord(value))
        {
            return YAMLTrouble(
                message: "a value that begins with \(first)", line: number, column: value + 1, remedy: inQuotes)
        }
        let inner = scalars.indices.dropFirst(value).first { index in
            scalars[index] == ":" && endsAWord(index)
        }
        guard let inner else { return nil }
        return YAMLTrouble(
            message: "a value with a colon in it", line: number, column: inner + 1, remedy: inQuotes)
    }

    private func endsAWord(_ index: Int) -> Bool {
        index + 1 == scalars.count || Self.isBlank(scalars[index + 1])
    }

    /// Whether a key as YAML reads it is this line's, with more behind its colon.
    func isBeginning(of name: String) -> Bool { colon != nil && name.hasPrefix("\(key):") }

    /// Only of keys that there are: `https://…` is no key.
    func missingSpace(_ number: Int) -> YAMLTrouble? {
        guard let colon, colon + 1 < scalars.count, !Self.isBlank(scalars[colon + 1]), Self.known.contains(key) else {
            return nil
        }
        let remedy =
            if Self.sections.contains(key) {
                "write \(key): on a line of its own, and its keys on the following lines, indented, each as KEY: VALUE"
            } else {
                "write \(key): \(mayHoldSecret(from: colon) ? "…" : text(colon + 1..<scalars.count).excerpt)"
            }
        return YAMLTrouble(message: "no space after the colon", line: number, column: colon + 2, remedy: remedy)
    }

    private func quoteTrouble(_ quote: Unicode.Scalar, from value: Int, _ number: Int) -> YAMLTrouble? {
        var index = value + 1
        while index < scalars.count {
            if quote == "\"", scalars[index] == "\\" {
                guard isEscape(index) else {
                    return YAMLTrouble(
                        message: "a \\ within \"…\" that YAML does not know", line: number, column: index + 1,
                        remedy: "write it in '…': \(key): '…', where a \\ stands for itself and a ' is written twice")
                }
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
                remedy: "write another \(quote) after the value")
        }
        let behind = scalars[(index + 1)...].first { !Self.isBlank($0) }
        guard let behind, behind != "#" else { return nil }
        return YAMLTrouble(
            message: "text after the closing quote", line: number, column: index + 2,
            remedy: "put the whole value in quotes; within '…' a ' is written twice")
    }

    /// Whether a backslash in a text in double quotes begins what YAML knows, or ends the line.
    private func isEscape(_ index: Int) -> Bool {
        guard index + 1 < scalars.count else { return true }
        let lengths: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
        guard let length = lengths[scalars[index + 1]] else {
            return "0abt\tnvfe \"/\\N_LP".unicodeScalars.contains(scalars[index + 1])
        }
        guard index + 2 + length <= scalars.count else { return false }
        return UInt32(text(index + 2..<index + 2 + length), radix: 16).flatMap(Unicode.Scalar.init) != nil
    }

    private var inQuotes: String { "write it in quotes: \(key): '…'" }

    /// What YAML takes for a comment, or for nothing, where it may be part of a text.
    func lostPart(_ number: Int) -> YAMLTrouble? {
        guard let value, Self.text.contains(key), !"\"'[{".unicodeScalars.contains(scalars[value])
        else { return nil }
        if scalars[value] == "&", Self.secret.contains(key) {
            return YAMLTrouble(
                message: "a value that begins with & is a name in YAML, and not taken for the value", line: number,
                column: value + 1, remedy: inQuotes)
        }
        let mark = scalars.indices.dropFirst(value).first { index in
            guard scalars[index] == "#", Self.isBlank(scalars[index - 1]) else { return false }
            return scalars[index...].first { $0 != "#" }.map { !Self.isBlank($0) } ?? false
        }
        guard let mark else { return nil }
        return YAMLTrouble(
            message: "the text from # on is a comment in YAML, and not part of the value", line: number,
            column: mark + 1,
            remedy: "if it belongs to the value, \(inQuotes); else write a space after the #")
    }

    /// Whether nothing of the value is left when what begins there is none of it.
    func isLost(from column: Int) -> Bool {
        value == column - 1 && (scalars[column - 1] == "#" || isLone)
    }

    /// Whether the value is one word.
    private var isLone: Bool { value.map { !scalars[$0...].contains(where: Self.isBlank) } ?? false }

    // MARK: - How it is shown

    /// The line and beneath it a caret; what may be a secret is left out.
    func shown(column: Int) -> [String] {
        var shown = text(0..<start)
        if let colon, Self.known.contains(key), !mayHoldSecret(from: colon) {
            shown = text(0..<min(scalars.count, 160))
        } else if let colon, Self.known.contains(key) {
            shown += text(start..<(value ?? colon + 1)) + (value == nil ? "" : Secret.mask)
        } else {
            shown += "…"
        }
        let line = shown.replacing("\t", with: "→").withoutControlCharacters
        return [line, String(repeating: " ", count: min(max(0, column - 1), line.unicodeScalars.count)) + "^"]
    }

    /// Whether a secret may stand behind the key: its own, one in place of the path of its file, or one in an address.
    private func mayHoldSecret(from colon: Int) -> Bool {
        let value = text(colon..<scalars.count)
        return Self.secret.contains(key) || Self.secretFiles.contains(key) || value.isSuspicious
            || key == "host" && value.contains("@")
    }

    private static let known = Set(ConfigurationKeys.all.map(\.name) + sections)
    private static let sections = ConfigurationSection.allCases.map(\.rawValue) + [ConfigurationTestReader.section]
    static let secret = Set(ConfigurationKeys.all.filter(\.isSecret).map(\.name))
    private static let secretFiles = Set(secret.map { "\($0)_file" })
    private static let text = secret.union(["user", "group"])
}

extension String {
    /// Whether a secret may be in what stands behind another key.
    fileprivate var isSuspicious: Bool { YAMLLine.secret.contains { contains($0) } }
}
