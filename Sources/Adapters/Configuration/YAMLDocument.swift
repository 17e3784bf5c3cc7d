import Ports
import Yams

/// Turns the bytes of a configuration file into values with their places, within limits.
struct YAMLDocument {
    static let maximumBytes = 1 << 20
    /// Counted with every alias expanded: a small text can stand for billions of nodes.
    static let maximumNodes = 10_000
    static let maximumDepth = 32
    /// The composer hashes keys with their aliases expanded, so that their number is limited before it runs.
    static let maximumAliases = 10
    static let maximumDuplicates = 50

    private var source: YAMLText
    /// Keys that were renamed because the composer stops at duplicates, by their places.
    private var renamed: [Place: String] = [:]
    private var nodes = 0

    private struct Place: Hashable {
        let line: Int
        let column: Int

        init(_ mark: Mark) {
            (line, column) = (mark.line, mark.column)
        }
    }

    /// `nil` after reporting why there is no usable document.
    static func parse(_ bytes: [UInt8], file: String, findings: inout Findings) -> YAMLValue? {
        guard let text = YAMLText(bytes, file: file, findings: &findings) else { return nil }
        var document = YAMLDocument(source: text)
        return document.parse(&findings)
    }

    private init(source: YAMLText) {
        self.source = source
    }

    private mutating func parse(_ findings: inout Findings) -> YAMLValue? {
        let start = ConfigurationLocation.position(file: source.file, line: 1, column: 1)
        guard source.aliasCount <= Self.maximumAliases else {
            findings.error(
                "the file has more than \(Self.maximumAliases) aliases (*name)", at: start,
                remedy: "write the values out")
            return nil
        }
        do {
            guard let root = try compose(&findings) else {
                findings.error("the file is empty", at: start, remedy: "start from config.example.yaml")
                return nil
            }
            warnOfLostParts(&findings)
            return try value(of: root, depth: 0, &findings)
        } catch let problem as ConfigurationProblem {
            findings.error(problem)
        } catch let error as YamlError {
            report(error, &findings)
        } catch {
            findings.error("the file cannot be parsed", at: start, remedy: "correct the YAML")
        }
        return nil
    }

    /// Composes; where a key is given twice, renames its first occurrence and starts again, so that all duplicates are
    /// found with all their places, and the rest of the file is checked too.
    private mutating func compose(_ findings: inout Findings) throws -> Node? {
        for attempt in 0..<Self.maximumDuplicates {
            do {
                return try Yams.compose(yaml: source.text, .basic)
            } catch YamlError.duplicatedKeysInMapping(let duplicates, let context) {
                let name = duplicates.first ?? ""
                let line = context.mark.line
                var column = context.mark.column
                if let quote = source[line, column], "\"'".unicodeScalars.contains(quote) { column += 1 }
                guard let marker = Unicode.Scalar(0xE000 + UInt32(attempt)), let first = source[line, column],
                    first == name.unicodeScalars.first
                else {
                    throw ConfigurationProblem(
                        "key \"\(name.excerpt)\" is given more than once", at: location(context.mark),
                        remedy: "keep one of them")
                }
                source.replace(line, column, with: marker)
                renamed[Place(context.mark)] = name
            }
        }
        throw ConfigurationProblem(
            "the file has more than \(Self.maximumDuplicates) duplicate keys", at: .file(source.file),
            remedy: "keep one of each")
    }

    private func location(_ mark: Mark?) -> ConfigurationLocation {
        .position(file: source.file, line: mark?.line ?? 1, column: mark?.column ?? 1)
    }

    private func report(_ error: YamlError, _ findings: inout Findings) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let lines = source.lines
            // A block's beginning says nothing of where in it the fault is.
            let begun = context.flatMap { $0.text.contains("parsing a block") ? nil : $0.mark.line }
            if let trouble = YAMLTrouble.find(in: lines, mark: mark.line, begun: begun) {
                return findings.error(self.problem(trouble, lines, "not valid YAML: "))
            }
            let reason = [context?.text, problem].compactMap(\.self).joined(separator: " ")
            let line = lines.indices.contains(mark.line - 1) ? lines[mark.line - 1] : nil
            findings.error(
                ConfigurationProblem(
                    "not valid YAML: \(reason)", at: location(mark), remedy: "check indentation, colons and quotes",
                    excerpt: line?.shown(column: mark.column) ?? []))
        default:
            findings.error(
                "not valid YAML", at: location(nil), remedy: "check indentation, colons and quotes")
        }
    }

    private func problem(_ trouble: YAMLTrouble, _ lines: [YAMLLine], _ start: String = "") -> ConfigurationProblem {
        ConfigurationProblem(
            start + trouble.message, at: .position(file: source.file, line: trouble.line, column: trouble.column),
            remedy: trouble.remedy, excerpt: lines[trouble.line - 1].shown(column: trouble.column))
    }

    /// What is valid YAML and means something else than it seems to.
    private func warnOfLostParts(_ findings: inout Findings) {
        let lines = source.lines
        for (index, line) in lines.enumerated() {
            guard let trouble = line.lostPart(index + 1) else { continue }
            findings.warn(problem(trouble, lines), ofLoss: line.isLost(from: trouble.column))
        }
    }

    private mutating func value(of node: Node, depth: Int, _ findings: inout Findings) throws -> YAMLValue {
        nodes += 1
        let place = location(node.mark)
        guard nodes <= Self.maximumNodes else {
            throw ConfigurationProblem(
                "the file holds more than \(Self.maximumNodes) values", at: place,
                remedy: "remove what is not configuration, and aliases that repeat themselves")
        }
        guard depth <= Self.maximumDepth else {
            throw ConfigurationProblem(
                "the file is nested more than \(Self.maximumDepth) levels deep", at: place,
                remedy: "correct the brackets")
        }
        switch node {
        case .scalar(let scalar):
            return YAMLValue(content: content(of: scalar, place, &findings), location: place)
        case .sequence(let sequence):
            check(tag: sequence.tag, allowed: [.seq], place, &findings)
            var elements: [YAMLValue] = []
            for element in sequence {
                elements.append(try value(of: element, depth: depth + 1, &findings))
            }
            return YAMLValue(content: .list(elements), location: place)
        case .mapping(let mapping):
            check(tag: mapping.tag, allowed: [.map], place, &findings)
            return YAMLValue(content: .mapping(try fields(of: mapping, depth, &findings)), location: place)
        case .alias:
            throw ConfigurationProblem("an alias stands for nothing", at: place, remedy: "write the value out")
        }
    }

    private mutating func fields(
        of mapping: Node.Mapping, _ depth: Int, _ findings: inout Findings
    ) throws -> [YAMLValue.Field] {
        var fields: [YAMLValue.Field] = []
        var firstLines: [String: Int] = [:]
        for (key, value) in mapping {
            let place = location(key.mark)
            guard case .scalar(let scalar) = key else {
                findings.error("a key must be a text", at: place, remedy: "write KEY: VALUE")
                continue
            }
            let name = key.mark.flatMap { renamed[Place($0)] } ?? scalar.string
            try checkSpace(in: name, key.mark)
            let content = try self.value(of: value, depth: depth + 1, &findings)
            if let firstLine = firstLines[name] {
                findings.error(
                    "key \"\(name.excerpt)\" is given more than once, first in line \(firstLine)", at: place,
                    remedy: "keep one of them")
                fields.removeAll { $0.name == name }
            } else {
                firstLines[name] = key.mark?.line ?? 0
            }
            fields.append(YAMLValue.Field(name: name, nameLocation: place, value: content))
        }
        return fields
    }

    /// `pass:abc: x` is YAML, and a key that may hold a secret.
    private func checkSpace(in name: String, _ mark: Mark?) throws {
        guard name.contains(":"), let number = mark?.line else { return }
        let lines = source.lines
        guard lines.indices.contains(number - 1), lines[number - 1].isBeginning(of: name),
            let trouble = lines[number - 1].missingSpace(number)
        else { return }
        throw problem(trouble, lines)
    }

    private func content(
        of scalar: Node.Scalar, _ place: ConfigurationLocation, _ findings: inout Findings
    ) -> YAMLValue.Content {
        check(tag: scalar.tag, allowed: [.str, .int, .float, .bool, .null], place, &findings)
        let isPlain = scalar.style == .plain && scalar.tag.description != Tag.Name.str.rawValue
        return isPlain && ["", "~", "null", "Null", "NULL"].contains(scalar.string) ? .null : .scalar(scalar.string)
    }

    private func check(
        tag: Tag, allowed: [Tag.Name], _ place: ConfigurationLocation, _ findings: inout Findings
    ) {
        let name = Tag.Name(rawValue: tag.description)
        guard name != .implicit, name != .nonSpecific, !allowed.contains(name) else { return }
        let standard = "tag:yaml.org,2002:"
        guard name.rawValue.hasPrefix(standard) else {
            // A text that begins with ! is taken for a tag, and may be a secret.
            findings.error(
                "a YAML tag is not supported here", at: place,
                remedy: "remove the tag, or write a value that begins with ! in quotes")
            return
        }
        let short = name.rawValue.replacing(standard, with: "!!")
        findings.error("the YAML tag \(short.excerpt) is not supported here", at: place, remedy: "remove the tag")
    }
}
