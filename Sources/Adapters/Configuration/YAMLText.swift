import Ports

/// The checked characters of a configuration file.
struct YAMLText {
    /// As marks count them: columns are scalars.
    private(set) var scalars: [Unicode.Scalar]
    let file: String

    var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// `nil` after reporting why the bytes are no text that YAML allows.
    init?(_ bytes: [UInt8], file: String, findings: inout Findings) {
        self.file = file
        guard let text = String(validating: bytes, as: UTF8.self) else {
            scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
            let place = scalars.firstIndex(of: "\u{FFFD}") ?? 0
            findings.error(
                "the file is not valid UTF-8", at: location(of: place), remedy: "save it with the encoding UTF-8")
            return nil
        }
        scalars = Array(text.unicodeScalars)
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        if let place = scalars.firstIndex(where: { !Self.isAllowed($0) }) {
            findings.error(
                "the file contains the control character U+\(Self.hexadecimal(scalars[place]))",
                at: location(of: place), remedy: "remove it")
            return nil
        }
    }

    /// The index of the scalar at a mark; `nil` beyond the end.
    func index(line: Int, column: Int) -> Int? {
        var index = 0
        for _ in 1..<max(line, 1) {
            guard let next = endOfLine(from: index) else { return nil }
            index = next
        }
        index += column - 1
        return scalars.indices.contains(index) ? index : nil
    }

    /// Without their line breaks.
    var lines: [YAMLLine] {
        var lines: [YAMLLine] = []
        var start = 0
        while let next = endOfLine(from: start) {
            lines.append(YAMLLine(scalars[start..<next].filter { !Self.isLineBreak($0) }))
            start = next
        }
        return lines + [YAMLLine(scalars[start...])]
    }

    mutating func replace(at index: Int, with scalar: Unicode.Scalar) {
        scalars[index] = scalar
    }

    /// An upper bound of the aliases (`*name`) in the text; comments do not count.
    var aliasCount: Int {
        var count = 0
        var isComment = false
        var isStart = true
        for (index, scalar) in scalars.enumerated() {
            if Self.isLineBreak(scalar) {
                (isComment, isStart) = (false, true)
                continue
            }
            if isStart, scalar == "#" { isComment = true }
            if scalar != " ", scalar != "\t" { isStart = false }
            guard !isComment, scalar == "*", index + 1 < scalars.count else { continue }
            let next = scalars[index + 1]
            if next.properties.isAlphabetic || ("0"..."9").contains(next) || next == "_" || next == "-" { count += 1 }
        }
        return count
    }

    private func location(of target: Int) -> ConfigurationLocation {
        var line = 1
        var start = 0
        while let next = endOfLine(from: start), next <= target {
            line += 1
            start = next
        }
        return .position(file: file, line: line, column: target - start + 1)
    }

    /// The index after the line break that ends the line.
    private func endOfLine(from start: Int) -> Int? {
        guard let lineBreak = scalars[start...].firstIndex(where: Self.isLineBreak) else { return nil }
        let isPair = scalars[lineBreak] == "\r" && lineBreak + 1 < scalars.count && scalars[lineBreak + 1] == "\n"
        return lineBreak + (isPair ? 2 : 1)
    }

    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
    }

    /// The printable characters of YAML 1.1, section 5.1.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0x10000...0x10FFFF: true
        case 0xE000...0xFFFD: scalar.value != 0xFEFF
        default: false
        }
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
