import Foundation

@testable import Adapters

/// A state directory of its own for one test.
enum StateFolder {
    static func with<Result>(
        _ isolation: isolated (any Actor)? = #isolation, _ body: (StateDirectory) async throws -> Result
    ) async throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "state-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        return try await body(StateDirectory(url.appending(path: "bridge").path))
    }

    /// What a power cut would leave: the files as they are now, while the journal is open.
    static func crashImage(of directory: StateDirectory) throws -> StateDirectory {
        let copy = StateDirectory("\(directory.path)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: copy.path, withIntermediateDirectories: true)
        for name in ["journal.sqlite", "journal.sqlite-wal"]
        where FileManager.default.fileExists(atPath: "\(directory.path)/\(name)") {
            try FileManager.default.copyItem(atPath: "\(directory.path)/\(name)", toPath: "\(copy.path)/\(name)")
        }
        return copy
    }

    static func mode(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
    }

    static func bytes(of path: String) throws -> Data {
        try Data(contentsOf: URL(filePath: path))
    }
}
