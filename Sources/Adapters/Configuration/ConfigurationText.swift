package import Ports

/// The text of a configuration file in which single keys are changed. All else stays as it is, comments too.
///
/// It knows the plain way to write a file: a section is a line, and each of its keys begins one. Whoever changes a text
/// reads the result as a configuration: what is written in another way shows there.
package struct ConfigurationText: Equatable, Sendable {
    private var lines: [String]

    package init(_ text: String) {
        lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
        while lines.last?.isEmpty == true { lines.removeLast() }
    }

    package var text: String { lines.joined(separator: "\n") + "\n" }

    /// With `••••` for each secret.
    package var masked: String {
        var masked = self
        for key in ConfigurationKeys.all where key.isSecret {
            guard let place = masked.place(of: key) else { continue }
            let head = masked.lines[place.lowerBound].prefix { $0 != ":" }
            masked.lines.replaceSubrange(place, with: ["\(head): \(SettingInterpreter.mask)"])
        }
        return masked.text
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
        guard let body = body(of: key.section),
            let start = body.first(where: { Self.key(lines[$0]) == key.name })
        else { return nil }
        let indentation = lines[start].prefix { $0 == " " }.count
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
        guard !name.isEmpty, !name.hasPrefix("#"), behind.isEmpty || behind.hasPrefix(" ") else { return nil }
        return name
    }
}
