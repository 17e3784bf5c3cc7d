import Foundation
import Testing

#if canImport(Glibc)
    import Glibc

    /// A listening socket that a child inherits takes connections after its server was stopped.
    @Suite("A process started by a test", .timeLimit(.minutes(10)))
    struct ChildProcessTests {
        @Test("has none of the descriptors of the tests, however many they have opened", arguments: [100, 1100])
        func descriptors(from least: Int32) async throws {
            let opened = fcntl(STDIN_FILENO, F_DUPFD, least)
            try #require(opened >= least)
            defer { close(opened) }
            let child = try ChildProcess(
                "/bin/sh", ["-c", "cd /proc/self/fd && echo *"], environment: [:], directory: "/")
            var output: [UInt8] = []
            for await event in child.events {
                switch event {
                case .wrote(let bytes, _): output += bytes
                case .exited(let exit): #expect(exit == .code(0))
                }
            }
            let descriptors = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            // The shell itself may have the folder open while it lists it.
            #expect(descriptors.prefix(3) == ["0", "1", "2"])
            #expect(descriptors.count <= 4, "\(descriptors)")
        }
    }
#endif
