#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

import Ports
import Synchronization

/// Keeps a second daemon away from the same state. The kernel frees it when the process ends, however it ends.
final class StateDirectoryLock: Sendable {
    private let descriptor: Mutex<Int32?>

    init(_ directory: StateDirectory) throws(JournalFailure) {
        let path = directory.lockFile
        let opened = try FileStep.openPrivateFile(path, "the lock file")
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(opened)
            guard code == EWOULDBLOCK else {
                throw FileStep.failure("the state directory cannot be locked", at: path, code)
            }
            throw JournalFailure(
                "another bridge uses this state directory", at: directory.path,
                remedy: "stop the other one, or give this one a state directory of its own with Bridge.state_dir")
        }
        descriptor = Mutex(opened)
    }

    deinit {
        release()
    }

    func release() {
        descriptor.withLock { held in
            if let held { close(held) }
            held = nil
        }
    }

    /// Whether a daemon holds it now.
    static func isHeld(_ directory: StateDirectory) -> Bool {
        let opened = open(directory.lockFile, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { return false }
        defer { close(opened) }
        return flock(opened, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }
}
