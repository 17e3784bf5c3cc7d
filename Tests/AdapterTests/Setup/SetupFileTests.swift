import Foundation
import Testing

@testable import App

@Suite("The file that setup writes")
struct SetupFileTests {
    private static func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test("is there as a whole, for few, and keeps the one before with its mode")
    func writing() async throws {
        try await ProgramFolder.with { folder in
            let file = SetupFile(folder.path("a/b/bridge.yaml"))
            try file.checkPlace()
            let words = try file.write("first\n")
            #expect(words.hasPrefix("mode 0640"))
            #expect(try Self.mode(file.path) == 0o640)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
            for text in ["second\n", "third\n"] { _ = try SetupFile(file.path).write(text) }
            #expect(try folder.read("a/b/bridge.yaml") == "third\n")
            #expect(try folder.read("a/b/bridge.yaml.bak") == "second\n")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("a/b"))
            #expect(names.sorted() == ["bridge.yaml", "bridge.yaml.bak"])
        }
    }

    @Test("is written where a link leads")
    func link() async throws {
        try await ProgramFolder.with { folder in
            let real = try folder.write("real.yaml", "first\n")
            try FileManager.default.createSymbolicLink(atPath: folder.path("link.yaml"), withDestinationPath: real)
            _ = try SetupFile(folder.path("link.yaml")).write("second\n")
            #expect(try folder.read("real.yaml") == "second\n" && folder.read("real.yaml.bak") == "first\n")
            let kind = try FileManager.default.attributesOfItem(atPath: folder.path("link.yaml"))[.type]
            #expect(kind as? FileAttributeType == .typeSymbolicLink)
        }
    }

    @Test(
        "may be in folders that are not there yet",
        arguments: ["no-such/folder/b.yaml", "no-such.yaml", "./no-such/b.yaml"])
    func relative(_ path: String) throws {
        try SetupFile(path).checkPlace()
    }

    @Test("is refused at once where it cannot be", arguments: ["", "plain/bridge.yaml"])
    func refusal(_ name: String) async throws {
        try await ProgramFolder.with { folder in
            try folder.write("plain", "")
            #expect(throws: SetupFile.Failure.self) { try SetupFile(folder.path(name)).checkPlace() }
        }
    }
}
