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
///
/// The directory itself is locked: a file in it could be removed, and the next daemon would lock another one. The file
/// is locked too, as earlier versions lock nothing else.
final class StateDirectoryLock: Sendable {
    private let descriptors: Mutex<[Int32]>

    init(_ directory: StateDirectory) throws(JournalFailure) {
        let folder = try FileStep.openDirectory(directory.path)
        do throws(JournalFailure) {
            try Self.take(folder, of: directory)
            let file = try FileStep.openPrivateFile(directory.lockFile, "the lock file")
            do throws(JournalFailure) {
                try Self.take(file, of: directory)
            } catch {
                close(file)
                throw error
            }
            descriptors = Mutex([file, folder])
        } catch {
            close(folder)
            throw error
        }
    }

    private static func take(_ descriptor: Int32, of directory: StateDirectory) throws(JournalFailure) {
        guard !lock(descriptor) else { return }
        guard errno == EWOULDBLOCK else {
            throw FileStep.failure("the state directory cannot be locked", at: directory.path, errno)
        }
        throw JournalFailure(
            "another bridge uses this state directory", at: directory.path,
            remedy: "stop the other one, or give this one a state directory of its own with Bridge.state_dir")
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
        descriptors.withLock { held in
            for descriptor in held {
                // A process that is being spawned at this moment has the descriptor too, so that closing it would not
                // be enough.
                flock(descriptor, LOCK_UN)
                close(descriptor)
            }
            held = []
        }
    }

    /// Whether a daemon holds it now.
    static func isHeld(_ directory: StateDirectory) -> Bool {
        [directory.path, directory.lockFile].contains(where: isLocked)
    }

    private static func isLocked(_ path: String) -> Bool {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { return false }
        defer { close(opened) }
        guard flock(opened, LOCK_SH | LOCK_NB) == 0 else { return errno == EWOULDBLOCK }
        flock(opened, LOCK_UN)
        return false
    }
}
