/// A part of the process's memory, as Linux tells of it in `/proc/self/maps` and, with more lines, in `/proc/self/smaps` (proc(5)).
struct MemoryMapping: Equatable, Sendable {
    /// The first line, which says where it is, what may be done with it, and which file it shows.
    var header: String
    var addresses: Range<UInt>
    /// Of a file, and not to be written to.
    var isReadOnlyFile: Bool
    /// Bytes in memory that are not those of the file, since the process has changed them; `nil` in `maps`, which does not say.
    var anonymousBytes: Int?
    /// The same of those that are in swap space.
    var swappedBytes: Int?

    /// Whether all of it is in the file as well.
    var isAsInFile: Bool { isReadOnlyFile && anonymousBytes == 0 && swappedBytes == 0 }

    private static let anonymous = Array("Anonymous:".utf8)
    private static let swapped = Array("Swap:".utf8)

    /// - Returns: Those whose line is as expected.
    static func parse(_ text: [UInt8]) -> [MemoryMapping] {
        var mappings: [MemoryMapping] = []
        for line in text.split(separator: UInt8(ascii: "\n")) {
            // Of some 25 lines for each mapping these count: the first, and two of those that begin with a capital.
            guard let first = line.first, first >= UInt8(ascii: "A") && first <= UInt8(ascii: "Z") else {
                if let mapping = MemoryMapping(header: String(decoding: line, as: UTF8.self)) {
                    mappings.append(mapping)
                }
                continue
            }
            let isAnonymous = line.starts(with: anonymous)
            guard isAnonymous || line.starts(with: swapped), !mappings.isEmpty else { continue }
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            guard words.count == 3, words[2] == "kB" else { continue }
            let bytes = Int(words[1]).map { $0 * 1024 }
            if isAnonymous {
                mappings[mappings.count - 1].anonymousBytes = bytes
            } else {
                mappings[mappings.count - 1].swappedBytes = bytes
            }
        }
        return mappings
    }

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
