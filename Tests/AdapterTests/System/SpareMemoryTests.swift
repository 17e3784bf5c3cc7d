import FoundationEssentials
import Testing

@testable import Adapters

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

// One after the other: where one test has taken its mapping away, the next may have its own, and is given back in its place. What the
// program gives back was there when it started, and stays.
@Suite("Spare memory", .serialized, .timeLimit(.minutes(10)))
struct SpareMemoryTests {
    @Test("a mapping is told from its line in maps and in smaps")
    func reading() throws {
        let text = """
            55a8e7bd5000-55a8eade1000 r-xp 00000000 fe:00 5556869                    /opt/a folder/zammadbridge
            Size:              51248 kB
            Rss:               11688 kB
            Anonymous:             0 kB
            Swap:                  0 kB
            SwapPss:              12 kB
            VmFlags: rd ex mr mw me
            55a8eade1000-55a8eaf37000 r--p 0320b000 fe:00 5556869                    /opt/a folder/zammadbridge
            Rss:                1368 kB
            Anonymous:          1368 kB
            Swap:                  0 kB
            zz-yy r--p 00000000 fe:00 12 /lib
            Rss:                   4 kB
            Anonymous:             0 kB
            Swap:                  0 kB
            55a8eaf36000-55a8eaf37000 r--p 0320b000 fe:00 5556869                    /opt/swapped
            Rss:                   4 kB
            Anonymous:             0 kB
            Swap:                  4 kB
            55a8eaf36000-55a8eaf37000 r--p 0320b000 fe:00 5556869                    /opt/untold
            Rss:                   4 kB
            Anonymous:             0 kB
            55a8eaf36000-55a8eaf37000 r--p 0320b000 fe:00 5556869                    /opt/emulated
            Rss:                   0 kB
            Anonymous:             0 kB
            Swap:                  0 kB
            55a8eaf37000-55a8ed4d1000 rw-p 03361000 fe:00 5556869                    /opt/a folder/zammadbridge
            Rss:                   4 kB
            Anonymous:             0 kB
            Swap:                  0 kB
            7f2890000000-7f28900c9000 r--p 00000000 00:00 0
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
            nonsense

            A

            """
        let mappings = MemoryMapping.parse(Array(text.utf8))
        #expect(mappings.map(\.isReadOnlyFile) == [true, true, true, true, true, false, false, false])
        #expect(mappings.map(\.residentBytes) == [11_968_512, 1_400_832, 4096, 4096, 0, 4096, nil, nil])
        #expect(mappings.map(\.anonymousBytes) == [0, 1_400_832, 0, 0, 0, 0, nil, nil])
        #expect(mappings.map(\.swappedBytes) == [0, 0, 4096, nil, 0, 0, nil, nil])
        #expect(mappings.map(\.isSpare) == [true] + .init(repeating: false, count: 7))
        let first = try #require(mappings.first)
        #expect(first.addresses == 0x55a8_e7bd_5000..<0x55a8_eade_1000)
        #expect(
            first.header
                == "55a8e7bd5000-55a8eade1000 r-xp 00000000 fe:00 5556869                    /opt/a folder/zammadbridge"
        )
    }

    #if os(Linux)
        private static let length = 64 * 4096

        /// A file of ones, mapped and read.
        private func withMapping(_ body: (UnsafeMutableRawPointer) throws -> Void) throws {
            let path = FileManager.default.temporaryDirectory.appending(path: "pages-\(UUID().uuidString)").path
            try Data(repeating: 1, count: Self.length).write(to: URL(filePath: path))
            defer { unlink(path) }
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            try #require(descriptor >= 0)
            defer { close(descriptor) }
            let memory = mmap(nil, Self.length, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0)
            let start = try #require(memory)
            try #require(memory != MAP_FAILED)
            defer { munmap(start, Self.length) }
            try body(start)
        }

        private func sum(_ start: UnsafeMutableRawPointer) -> Int {
            UnsafeRawBufferPointer(start: start, count: Self.length).reduce(0) { $0 + Int($1) }
        }

        /// Bytes of a mapping that are in the process's memory.
        private func resident(_ start: UnsafeMutableRawPointer) throws -> Int {
            let text = String(decoding: try BoundedFile.read("/proc/self/smaps", limit: 10_000_000), as: UTF8.self)
            let lines = text.split(separator: "\n")
            let prefix = String(UInt(bitPattern: start), radix: 16) + "-"
            let index = try #require(lines.firstIndex { $0.hasPrefix(prefix) })
            let line = try #require(lines[index...].first { $0.hasPrefix("Rss:") })
            return try #require(Int(line.split(separator: " ")[1])) * 1024
        }

        @Test("what is as in the file leaves the memory, and comes back when it is read")
        func unchanged() throws {
            try withMapping { start in
                mprotect(start, Self.length, PROT_READ)
                #expect(sum(start) == Self.length)
                let memory = SpareMemory()
                let before = try resident(start)
                #expect(memory.giveBack())
                let after = try resident(start)
                #expect((before, after) == (Self.length, 0))
                #expect(sum(start) == Self.length)
            }
        }

        @Test("what the process has changed stays as it is, also when it may not be written to any more")
        func changed() throws {
            try withMapping { start in
                start.storeBytes(of: 5, as: UInt8.self)
                mprotect(start, Self.length, PROT_READ)
                SpareMemory().giveBack()
                #expect(sum(start) == Self.length + 4)
            }
        }

        @Test("what was mapped later is left alone")
        func later() throws {
            let memory = SpareMemory()
            try withMapping { start in
                mprotect(start, Self.length, PROT_READ)
                #expect(sum(start) == Self.length)
                memory.giveBack()
                let after = try resident(start)
                #expect(after == Self.length)
            }
        }
    #endif
}
