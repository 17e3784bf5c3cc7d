#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that somebody has named for the output of a command.
package enum OutputFile {
    package struct Failure: Error, CustomStringConvertible {
        /// In the system's words.
        package let description: String

        init() {
            description = String(cString: strerror(errno))
        }
    }

    /// Writes into what stands at the path: through a link, into a device or a pipe. A file comes to its place as a
    /// whole, with the mode and the owner of the one that it replaces.
    package static func write(_ text: String, to path: String) throws(Failure) {
        var status = stat()
        guard stat(path, &status) == 0 else { return try overwrite(path, text) }
        // What cannot be replaced and stay the same is written anew where it is.
        guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1, try replace(path, status, text) else {
            return try overwrite(path, text)
        }
    }

    private static func overwrite(_ path: String, _ text: String) throws(Failure) {
        try write(text, open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666))
    }

    /// Whether a file of the same mode and owner could be made beside it.
    private static func replace(_ path: String, _ status: stat, _ text: String) throws(Failure) -> Bool {
        guard let resolved = realpath(path, nil) else { throw Failure() }
        defer { free(resolved) }
        let target = String(cString: resolved)
        let part = "\(target).\(getpid()).part"
        let descriptor = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        guard fchown(descriptor, status.st_uid, status.st_gid) == 0, fchmod(descriptor, status.st_mode & 0o7777) == 0
        else {
            close(descriptor)
            unlink(part)
            return false
        }
        do throws(Failure) {
            try write(text, descriptor)
            guard rename(part, target) == 0 else { throw Failure() }
        } catch {
            unlink(part)
            throw error
        }
        return true
    }

    /// And closes the descriptor.
    private static func write(_ text: String, _ descriptor: Int32) throws(Failure) {
        guard descriptor >= 0 else { throw Failure() }
        guard DescriptorOutput.write(text, to: descriptor) else {
            let failure = Failure()
            close(descriptor)
            throw failure
        }
        // Some file systems tell only now that the disk is full.
        guard close(descriptor) == 0 else { throw Failure() }
    }
}
