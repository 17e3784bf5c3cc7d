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
            #expect(try folder.read("a/b/bridge.yaml.bak") == "first\n")
            #expect(try folder.read("a/b/bridge.yaml.bak.1") == "second\n")
            // Kept already.
            _ = try file.write("second\n")
            #expect(file.backup.hasSuffix(".bak.1"))
            _ = try file.write("fourth\n")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("a/b"))
            #expect(
                names.sorted() == ["bridge.yaml", "bridge.yaml.bak", "bridge.yaml.bak.1", "bridge.yaml.bak.2"])
            for name in names { #expect(try Self.mode(folder.path("a/b/\(name)")) == 0o600) }
        }
    }

    @Test("stays whose it is, and nobody else comes to read it", arguments: [(0o644, 0o640), (0o600, 0o600)])
    func owner(_ before: Int, _ after: Int) async throws {
        try await ProgramFolder.with { folder in
            let path = try folder.write("bridge.yaml", "first\n")
            // Whoever may gives it to another.
            let (user, group) = geteuid() == 0 ? (uid_t(12), gid_t(34)) : (geteuid(), getegid())
            #expect(chown(path, user, group) == 0 && chmod(path, mode_t(before)) == 0)
            #expect(try SetupFile(path).write("second\n") == "mode 0\(String(after, radix: 8)), owner as before")
            for name in [path, path + ".bak"] {
                var status = stat()
                #expect(stat(name, &status) == 0 && status.st_uid == user && status.st_gid == group)
                #expect(try Self.mode(name) == after)
                #expect(SetupFile(name).isReadable(by: group) == (after == 0o640))
                #expect(!SetupFile(name).isReadable(by: group + 1))
            }
        }
    }

    @Test("waits for another setup that writes there")
    func lock() async throws {
        try await ProgramFolder.with { folder in
            let path = folder.path("bridge.yaml")
            let descriptor = open(folder.url.path, O_RDONLY)
            #expect(flock(descriptor, LOCK_EX) == 0)
            #expect(throws: SetupFile.Failure.self) { _ = try SetupFile(path).write("first\n") }
            #expect(!SetupFile(path).exists)
            close(descriptor)
            _ = try SetupFile(path).write("first\n")
        }
    }

    @Test("of before only answers where there is none yet")
    func earlier() async throws {
        try await ProgramFolder.with { folder in
            let earlier = try folder.write("earlier.yaml", "")
            let file = SetupFile(folder.path("bridge.yaml"))
            #expect(file.orEarlier(folder.path("none.yaml")).path == file.path)
            #expect(file.orEarlier(earlier).path == earlier)
            try folder.write("bridge.yaml", "")
            #expect(file.orEarlier(earlier).path == file.path)
        }
    }

    @Test("is refused where a link leads to nothing")
    func danglingLink() async throws {
        try await ProgramFolder.with { folder in
            let link = folder.path("link.yaml")
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path("none"))
            #expect(throws: SetupFile.Failure.self) { try SetupFile(link).checkPlace() }
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
