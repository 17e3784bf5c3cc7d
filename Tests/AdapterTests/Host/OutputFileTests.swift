import Foundation
import Testing

@testable import Adapters

@Suite("A file that was named for output")
struct OutputFileTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "output-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        try body(url.path + "/")
    }

    private func kind(of path: String) throws -> FileAttributeType? {
        try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    }

    @Test("is made, and is replaced by one of the same mode")
    func replaced() throws {
        try withFolder { folder in
            let path = folder + "report"
            try OutputFile.write("first", to: path)
            try FileManager.default.setAttributes([.posixPermissions: 0o604], ofItemAtPath: path)
            try OutputFile.write("second", to: path)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "second")
            #expect(try StateFolder.mode(of: path) == 0o604)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["report"])
        }
    }

    @Test("is written through a link, also one to a file that is not there yet", arguments: [true, false])
    func link(isThere: Bool) throws {
        try withFolder { folder in
            if isThere { try OutputFile.write("first", to: folder + "target") }
            try FileManager.default.createSymbolicLink(atPath: folder + "link", withDestinationPath: "target")
            try OutputFile.write("second", to: folder + "link")
            #expect(try kind(of: folder + "link") == .typeSymbolicLink)
            #expect(try String(contentsOfFile: folder + "target", encoding: .utf8) == "second")
        }
    }

    @Test("keeps its other names")
    func names() throws {
        try withFolder { folder in
            try OutputFile.write("first, and longer", to: folder + "a")
            try FileManager.default.linkItem(atPath: folder + "a", toPath: folder + "b")
            try OutputFile.write("second", to: folder + "a")
            #expect(try String(contentsOfFile: folder + "b", encoding: .utf8) == "second")
        }
    }

    @Test("stays the device that it is, and says what the device says")
    func device() throws {
        try withFolder { folder in
            try FileManager.default.createSymbolicLink(atPath: folder + "link", withDestinationPath: "/dev/full")
            let failure = #expect(throws: OutputFile.Failure.self) { try OutputFile.write("text", to: folder + "link") }
            #expect(failure?.description == "No space left on device")
            #expect(try kind(of: folder + "link") == .typeSymbolicLink)
            #expect(try kind(of: "/dev/full") == .typeCharacterSpecial)
        }
    }
}
