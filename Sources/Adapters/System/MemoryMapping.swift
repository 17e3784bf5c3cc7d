/// A part of the process's memory, as Linux tells of it in `/proc/self/maps` and, with more lines, in `/proc/self/smaps` (proc(5)).
struct MemoryMapping: Equatable, Sendable {
    /// The first line, which says where it is, what may be done with it, and which file it shows.
    var header: String
    var addresses: Range<UInt>
    /// Of a file, and not to be written to.
    var isReadOnlyFile: Bool
    /// Bytes that are the process's own, be it that it changed what the file has; `nil` in `maps`, which does not say.
    var ownBytes: Int?

    /// - Returns: Those whose line is as expected.
    static func parse(_ text: [UInt8]) -> [MemoryMapping] {
        var mappings: [MemoryMapping] = []
        for line in text.split(separator: UInt8(ascii: "\n")) {
            // Of some 25 lines for each mapping two count: the first, and one of those that begin with a capital.
            if line.first.map({ $0 >= UInt8(ascii: "B") && $0 <= UInt8(ascii: "Z") }) ?? true { continue }
            let line = String(decoding: line, as: UTF8.self)
            let words = line.split(separator: " ")
            if let mapping = MemoryMapping(header: line, words) {
                mappings.append(mapping)
            } else if words.count == 3, words[0] == "Anonymous:", words[2] == "kB", !mappings.isEmpty {
                mappings[mappings.count - 1].ownBytes = Int(words[1]).map { $0 * 1024 }
            }
        }
        return mappings
    }

    private init?(header: String, _ words: [Substring]) {
        guard words.count >= 5, words[1].count == 4 else { return nil }
        let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        guard ends.count == 2, ends[0] < ends[1] else { return nil }
        self.header = header
        addresses = ends[0]..<ends[1]
        isReadOnlyFile = words[1].hasPrefix("r-") && words[4] != "0"
    }
}
