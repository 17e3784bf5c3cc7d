import Ports
import Synchronization

/// The journal's files as they were when they were opened: somebody may remove, move, replace or cut off one while the
/// bridge runs, and what is written then would go into a file without a name, or not be found again.
final class JournalFiles: Sendable {
    private struct File {
        var path: String
        var identity: FileStep.Identity
        /// The largest size that was seen.
        var size: Int64
    }

    private let files: Mutex<[File]>

    /// The log becomes that short when it begins anew, and no shorter. The others do not shrink at all.
    private static let mostThatStays = Int64(JournalCheckpoints.longestLog) * 4096

    /// Of a journal that is open.
    init(_ directory: StateDirectory) throws(JournalFailure) {
        var files: [File] = []
        for path in [directory.journalFile, directory.journalLog, directory.journalIndex] {
            guard let identity = FileStep.identity(of: path) else { throw Self.failure(at: path) }
            files.append(File(path: path, identity: identity, size: 0))
        }
        self.files = Mutex(files)
        try check()
    }

    func check() throws(JournalFailure) {
        let missing = files.withLock { files in
            files.indices.first { index in
                guard case .regular(let size) = FileStep.kind(of: files[index].path),
                    FileStep.identity(of: files[index].path) == files[index].identity,
                    size >= min(files[index].size, Self.mostThatStays)
                else { return true }
                files[index].size = max(files[index].size, size)
                return false
            }.map { files[$0].path }
        }
        if let missing { throw Self.failure(at: missing) }
    }

    static func failure(at path: String) -> JournalFailure {
        JournalFailure(
            "a file of the journal was removed, moved, replaced or cut off while the bridge ran", at: path,
            remedy:
                "put back all files of the state directory as they were, if you have them, and start the bridge again")
    }
}
