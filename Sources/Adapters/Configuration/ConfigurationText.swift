package import Ports

/// The text of a configuration file in which single keys are changed. All else stays as it is, comments too.
///
/// It knows the plain way to write a file: a section is a line, and each of its keys begins one. Whoever changes a text
/// reads the result as a configuration: what is written in another way shows there.
package struct ConfigurationText: Equatable, Sendable {
    private var lines: [String]

    package init(_ text: String) {
        var text = text
        // As editors put it in front; lines are put in front of others.
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
        while lines.last?.isEmpty == true { lines.removeLast() }
    }

    package var text: String { lines.joined(separator: "\n") + "\n" }

    /// What may be printed of it, and secrets may not: the text masked, or where it says secrets in a way that this
    /// type does not see, what it means, as `config` shows it.
    ///
    /// - Parameters:
    ///   - effective: What this text says.
    ///   - others: What may stand in remarks, such as the secrets of before.
    package func shown(_ effective: EffectiveConfiguration, hiding others: [Secret] = []) -> String {
        let isPlain = effective.entries.allSatisfy { entry in
            guard case .file = entry.origin, let key = ConfigurationKeys.key("\(entry.section).\(entry.key)"),
                key.isSecret
            else { return true }
            // Of an alias the value is elsewhere.
            return place(of: key).map { !lines[$0.lowerBound].contains(/:\s*\*/) } ?? false
        }
        let secrets = Array(effective.configuration.secrets.values) + others
        return SecretWords(secrets).masked(isPlain ? masked : effective.render())
    }

    /// With `••••` for each secret that stands behind the name of its key, also in remarks.
    package var masked: String {
        var masked = self
        for key in ConfigurationKeys.all where key.isSecret {
            guard let place = masked.place(of: key) else { continue }
            let head = masked.lines[place.lowerBound].prefix { $0 != ":" }
            masked.lines.replaceSubrange(place, with: ["\(head): \(Secret.mask)"])
        }
        masked.lines = masked.lines.map(Self.maskedBehindName)
        return masked.text
    }

    private static func maskedBehindName(_ line: String) -> String {
        let starts = YAMLLine.secret.flatMap { name in line.ranges(of: name).compactMap { valueStart($0, in: line) } }
        guard let start = starts.min() else { return line }
        return "\(line[..<start]) \(Secret.mask)"
    }

    /// Where a value begins whose key may be that word; `nil` if it is another word, or has no value.
    private static func valueStart(_ word: Range<String.Index>, in line: String) -> String.Index? {
        if line[..<word.lowerBound].last?.isPartOfWord ?? false { return nil }
        let behind = line[word.upperBound...].drop { "\"' \t".contains($0) }
        guard let mark = behind.first, ":=".contains(mark), behind.dropFirst().contains(where: { !$0.isWhitespace })
        else { return nil }
        return behind.index(after: behind.startIndex)
    }

    /// `path`: `Section.key`. Without a value the key is removed.
    package mutating func set(_ path: String, _ value: ConfigurationEntry.Value?) {
        guard let key = ConfigurationKeys.key(path) else { return }
        let place = place(of: key)
        guard let value else {
            if let place { lines.removeSubrange(place) }
            return
        }
        let line = "\(key.name): \(YAMLLiteral.literal(value))"
        if let place {
            let indentation = lines[place.lowerBound].prefix { $0 == " " }
            lines.replaceSubrange(place, with: [indentation + line])
        } else {
            insert(line, into: key.section)
        }
    }

    private mutating func insert(_ line: String, into section: ConfigurationSection) {
        guard let body = body(of: section) else {
            lines += (lines.isEmpty ? [] : [""]) + ["\(section.rawValue):", "  \(line)"]
            return
        }
        let keys = body.filter { Self.key(lines[$0]) != nil }
        let indentation = keys.first.map { lines[$0].prefix { $0 == " " } } ?? "  "
        // Behind what the section has; remarks about the next one stay with that.
        let last = body.last { !lines[$0].allSatisfy(\.isWhitespace) && lines[$0].hasPrefix(" ") }
        lines.insert(indentation + line, at: (last ?? body.lowerBound - 1) + 1)
    }

    /// The lines between the one that names the section and the next section.
    private func body(of section: ConfigurationSection) -> Range<Int>? {
        let names = ["\(section.rawValue):", "\"\(section.rawValue)\":"]
        let head = lines.firstIndex { line in
            names.contains { name in
                guard line.hasPrefix(name) else { return false }
                let rest = line.dropFirst(name.count).drop { $0 == " " }
                return rest.isEmpty || rest.hasPrefix("#")
            }
        }
        guard let start = head.map({ $0 + 1 }) else { return nil }
        let end = lines[start...].firstIndex { line in line.first.map { !" #-".contains($0) } ?? false }
        return start..<(end ?? lines.endIndex)
    }

    /// The line of a key, with those that belong to its value.
    private func place(of key: ConfigurationKey) -> Range<Int>? {
        guard let body = body(of: key.section), let first = body.first(where: { Self.key(lines[$0]) != nil })
        else { return nil }
        // What is deeper is part of a value.
        let indentation = lines[first].prefix { $0 == " " }.count
        let place = body.first { index in
            Self.key(lines[index]) == key.name && lines[index].prefix { $0 == " " }.count == indentation
        }
        guard let start = place else { return nil }
        var end = start + 1
        for index in body.dropFirst(start + 1 - body.lowerBound) {
            let line = lines[index]
            let depth = line.prefix { $0 == " " }.count
            // Whether it goes on after these the next line tells.
            if line.allSatisfy(\.isWhitespace) || line.dropFirst(depth).hasPrefix("#") { continue }
            guard depth > indentation || (depth == indentation && line.dropFirst(depth).hasPrefix("- ")) else { break }
            end = index + 1
        }
        return start..<end
    }

    /// The name with which an indented line begins; `nil` for remarks and for what goes on with a value.
    private static func key(_ line: String) -> String? {
        guard line.hasPrefix(" "), let colon = line.firstIndex(of: ":") else { return nil }
        let name = line[..<colon].drop { $0 == " " }.trimmingSpaces
        let behind = line[line.index(after: colon)...]
        guard !name.isEmpty, !name.hasPrefix("#"), behind.first.map({ " \t".contains($0) }) ?? true else { return nil }
        for quote in ["\"", "'"] where name.count > 2 && name.hasPrefix(quote) && name.hasSuffix(quote) {
            return String(name.dropFirst().dropLast())
        }
        return name
    }
}

/// Secrets, as they may stand in a text.
private struct SecretWords {
    /// The longest first: others may be parts of them.
    private let words: [String]
    /// Words as short as that may be parts of others by chance.
    private static let shortest = 4

    init(_ secrets: [Secret]) {
        let values = secrets.map { $0.reveal() }
        // The end of an address is a secret without the rest too.
        let ends = values.filter { $0.contains("://") }.compactMap { $0.split(separator: "/").last.map(String.init) }
        let words = (values + ends).flatMap { value in
            let literal = YAMLLiteral.literal(.text(value))
            let quoted = literal.hasPrefix("\"") ? String(literal.dropFirst().dropLast()) : literal
            return [value, quoted, value.replacing("'", with: "''"), value.replacing("/", with: "\\/")]
        }
        self.words = Set(words).filter { !$0.isEmpty }.sorted { ($0.count, $0) > ($1.count, $1) }
    }

    func masked(_ text: String) -> String {
        words.reduce(text) { text, word in
            guard word.count < Self.shortest else { return text.replacing(word, with: Secret.mask) }
            var masked = text
            for range in text.ranges(of: word).reversed() where isWord(range, text) {
                masked.replaceSubrange(range, with: Secret.mask)
            }
            return masked
        }
    }

    private func isWord(_ range: Range<String.Index>, _ text: String) -> Bool {
        ![text[..<range.lowerBound].last, text[range.upperBound...].first].contains { neighbour in
            neighbour?.isPartOfWord ?? false
        }
    }
}

extension Character {
    fileprivate var isPartOfWord: Bool { isLetter || isNumber || self == "_" }
}
