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
        guard Self.lock(opened) else {
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

    /// Tries for a moment: `isHeld` in another process has it for some microseconds.
    private static func lock(_ descriptor: Int32) -> Bool {
        for attempt in 0..<5 {
            if attempt > 0 { usleep(20_000) }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            if errno != EWOULDBLOCK, errno != EINTR { return false }
        }
        return false
    }

    deinit {
        release()
    }

    func release() {
        descriptor.withLock { held in
            guard let descriptor = held else { return }
            // A process that is being spawned at this moment has the descriptor too, so that closing it would not be enough.
            flock(descriptor, LOCK_UN)
            close(descriptor)
            held = nil
        }
    }

    /// Whether a daemon holds it now.
    static func isHeld(_ directory: StateDirectory) -> Bool {
        let opened = open(directory.lockFile, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { return false }
        defer { close(opened) }
        guard flock(opened, LOCK_SH | LOCK_NB) == 0 else { return errno == EWOULDBLOCK }
        flock(opened, LOCK_UN)
        return false
    }
}
