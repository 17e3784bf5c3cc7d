import Foundation

@testable import Adapters

/// The scenarios in the repository's folder `Fixtures`.
enum FixtureFolder {
    static let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

    /// File names without `.json`; empty if the folder cannot be read, which a test of its own reports.
    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }()

    static func path(of name: String) -> String {
        url.appending(path: "\(name).json").path
    }

    static func text(of name: String) throws -> String {
        try String(contentsOfFile: path(of: name), encoding: .utf8)
    }

    static func load(_ name: String) throws -> Fixture {
        try FixtureFile(path: path(of: name)).fixture
    }

    /// Runs `body` with a file that holds `bytes` and is gone afterwards.
    static func withFile<Value>(_ bytes: some Sequence<UInt8>, _ body: (String) throws -> Value) throws -> Value {
        let path = FileManager.default.temporaryDirectory.appending(path: "fixture-\(UUID().uuidString).json").path
        try Data(bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    static func decode(_ text: String) throws -> Fixture {
        try withFile(text.utf8) { try FixtureFile(path: $0).fixture }
    }

    static func replay(_ fixture: Fixture) async throws -> FixtureReplay.Result {
        var replay = try FixtureReplay(fixture)
        return await replay.run()
    }

    /// What `simulate` makes of a scenario. `change`: of what is expected.
    static func report(
        _ name: String, changing change: (inout [ExpectedRequest]) -> Void = { _ in }
    ) async throws -> SimulationReport {
        let fixture = try load(name)
        var expected = fixture.expect
        change(&expected)
        return SimulationReport(
            path: "Fixtures/\(name).json", fixture: fixture, result: try await replay(fixture), expected: expected)
    }
}
