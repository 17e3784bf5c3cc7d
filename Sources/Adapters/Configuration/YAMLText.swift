import Ports

/// The checked characters of a configuration file.
struct YAMLText {
    let file: String
    /// By lines, each with its line break. As marks count them: columns are scalars.
    private var rows: [[Unicode.Scalar]] = [[]]

    var text: String {
        var view = String.UnicodeScalarView()
        for row in rows { view.append(contentsOf: row) }
        return String(view)
    }

    /// `nil` after reporting why the bytes are no text that YAML allows.
    init?(_ bytes: [UInt8], file: String, findings: inout Findings) {
        self.file = file
        var scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        for (index, scalar) in scalars.enumerated() {
            rows[rows.count - 1].append(scalar)
            let isHalf = scalar == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
            if Self.isLineBreak(scalar), !isHalf { rows.append([]) }
        }
        if String(validating: bytes, as: UTF8.self) == nil {
            findings.error(
                "the file is not valid UTF-8", at: place { $0 == "\u{FFFD}" }, remedy: "save it with the encoding UTF-8"
            )
            return nil
        }
        if let place = place(where: { !Self.isAllowed($0) }), let scalar = scalars.first(where: { !Self.isAllowed($0) })
        {
            let digits = String(scalar.value, radix: 16, uppercase: true)
            let code = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            findings.error("the file contains the control character U+\(code)", at: place, remedy: "remove it")
            return nil
        }
    }

    private func place(where isWanted: (Unicode.Scalar) -> Bool) -> ConfigurationLocation? {
        for (line, row) in rows.enumerated() {
            if let column = row.firstIndex(where: isWanted) {
                return .position(file: file, line: line + 1, column: column + 1)
            }
        }
        return nil
    }

    /// The scalar at a mark; `nil` beyond the end.
    subscript(line: Int, column: Int) -> Unicode.Scalar? {
        rows.indices.contains(line - 1) && rows[line - 1].indices.contains(column - 1)
            ? rows[line - 1][column - 1] : nil
    }

    mutating func replace(_ line: Int, _ column: Int, with scalar: Unicode.Scalar) {
        rows[line - 1][column - 1] = scalar
    }

    /// Without their line breaks.
    var lines: [YAMLLine] { rows.map { YAMLLine($0.filter { !Self.isLineBreak($0) }) } }

    /// An upper bound of the aliases (`*name`) in the text; comments do not count.
    var aliasCount: Int {
        rows.filter { $0.first { $0 != " " && $0 != "\t" } != "#" }.reduce(0) { count, row in
            count
                + zip(row, row.dropFirst()).count { scalar, next in
                    scalar == "*"
                        && (next.properties.isAlphabetic || ("0"..."9").contains(next) || next == "_" || next == "-")
                }
        }
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
}
