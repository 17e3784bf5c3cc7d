/// A part of the process's memory, as Linux tells of it in `/proc/self/maps` and, with more lines, in `/proc/self/smaps` (proc(5)).
struct MemoryMapping: Equatable, Sendable {
    /// The first line, which says where it is, what may be done with it, and which file it shows.
    var header: String
    var addresses: Range<UInt>
    /// Of a file, and not to be written to.
    var isReadOnlyFile: Bool
    /// Bytes in memory; `nil` in `maps`, which does not say.
    var residentBytes: Int?
    /// Those of them that are not as in the file, since the process has changed them.
    var anonymousBytes: Int?
    /// Bytes that the process has changed and that are in swap space.
    var swappedBytes: Int?

    /// Whether some of it is in memory, and all of it in the file as well.
    ///
    /// Emulators of another processor's programs tell 0 of everything, also of what has been changed.
    var isSpare: Bool { isReadOnlyFile && (residentBytes ?? 0) > 0 && anonymousBytes == 0 && swappedBytes == 0 }

    /// - Returns: Those whose first line is as expected.
    static func parse(_ text: [UInt8]) -> [MemoryMapping] {
        var mappings: [MemoryMapping] = []
        var current: MemoryMapping?
        for line in text.split(separator: UInt8(ascii: "\n")) {
            // Of some 25 lines for each mapping these count: the first, and three of those that begin with a capital.
            if let first = line.first, first >= UInt8(ascii: "A") && first <= UInt8(ascii: "Z") {
                current?.learn(line)
            } else {
                if let current { mappings.append(current) }
                current = MemoryMapping(header: String(decoding: line, as: UTF8.self))
            }
        }
        if let current { mappings.append(current) }
        return mappings
    }

    /// Of a line of `smaps` such as `Rss:      11688 kB`.
    private mutating func learn(_ line: ArraySlice<UInt8>) {
        guard let field = Self.fields.first(where: { line.starts(with: $0.name) }) else { return }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count == 3, words[2] == "kB" else { return }
        let bytes = Int(words[1]).map { $0 * 1024 }
        switch field.meaning {
        case .resident: residentBytes = bytes
        case .anonymous: anonymousBytes = bytes
        case .swapped: swappedBytes = bytes
        }
    }

    private enum Field {
        case resident, anonymous, swapped
    }

    private static let fields: [(name: [UInt8], meaning: Field)] = [
        (Array("Rss:".utf8), .resident), (Array("Anonymous:".utf8), .anonymous), (Array("Swap:".utf8), .swapped),
    ]

    private init?(header: String) {
        let words = header.split(separator: " ")
        guard words.count >= 5, words[1].count == 4 else { return nil }
        let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        guard ends.count == 2, ends[0] < ends[1] else { return nil }
        self.header = header
        addresses = ends[0]..<ends[1]
        isReadOnlyFile = words[1].hasPrefix("r-") && words[4] != "0"
    }
}
