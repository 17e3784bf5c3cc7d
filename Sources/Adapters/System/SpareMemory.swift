#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Memory that the process has and does not need: pages of the program's file and of its libraries, as they are in the file.
///
/// The start reads nearly all of the program once, and with each page the kernel maps those around it, which count as the process's
/// memory from then on: several times what it needs while it runs (docs/decisions/0020-memory-that-only-the-start-needs.md).
package struct SpareMemory: Sendable {
    private let files: Set<String>

    /// With the files that are mapped now. At the start of the process these stay where they are as long as it lives; a library that
    /// is loaded later may go, and something else may come to its place.
    package init() {
        files = Set(Self.mappings("maps").filter(\.isReadOnlyFile).map(\.header))
    }

    /// Gives it up. The kernel keeps the pages for as long as it has memory to spare, and one that is needed comes back by itself.
    ///
    /// - Returns: whether the system told which pages are spare. It does on Linux, where `/proc` is mounted.
    @discardableResult
    package func giveBack() -> Bool {
        var isKnown = false
        // What the process has changed, such as the addresses that the loader has filled in, is nowhere else.
        for mapping in Self.mappings("smaps") where mapping.isSpare && files.contains(mapping.header) {
            isKnown = true
            #if os(Linux)
                madvise(
                    UnsafeMutableRawPointer(bitPattern: mapping.addresses.lowerBound), mapping.addresses.count,
                    Int32(MADV_DONTNEED))
            #endif
        }
        return isKnown
    }

    /// Gives it up once the start is over, and then again and again, until the task is cancelled.
    package func giveBackRegularly() async {
        var pause = Self.start
        while true {
            do { try await Task.sleep(for: pause) } catch { return }
            giveBack()
            pause = Self.pause
        }
    }

    /// After it even a phone system that took its time has been looked at.
    private static let start: Duration = .seconds(30)
    /// What is needed seldom, such as the reading of a new configuration, adds up slowly.
    private static let pause: Duration = .seconds(3600)

    private static func mappings(_ name: String) -> [MemoryMapping] {
        // Elsewhere than on Linux there is no such file.
        guard let bytes = try? BoundedFile.read("/proc/self/\(name)", limit: 4_000_000) else { return [] }
        return MemoryMapping.parse(bytes)
    }
}
