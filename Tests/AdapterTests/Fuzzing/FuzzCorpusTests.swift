import FoundationEssentials
import Testing

@Suite("The corpus of the fuzzing", .computing)
struct FuzzCorpusTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Fuzz/Corpus").standardized

    @Test("holds nothing with which a reader breaks its promise", arguments: FuzzTarget.all.map { $0.name })
    func corpus(_ name: String) async throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let folder = Self.folder.appending(path: name).path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(!files.isEmpty)
        for file in files {
            let bytes = try [UInt8](Data(contentsOf: URL(filePath: "\(folder)/\(file)")))
            do { try await target.check(bytes) } catch { Issue.record("\(file): \(error)") }
        }
    }
}
