#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

import Ports

/// The steps on files and directories that come before SQLite; each fails with what the operator can do about it.
enum FileStep {
    /// Makes the directory, and those above it, for the bridge's user alone. One that exists stays as it is.
    static func makeDirectory(_ path: String) throws(JournalFailure) {
        switch kind(of: path) {
        case .directory: return
        case .forbidden: throw forbidden("the state directory cannot be opened", at: path)
        case .regular, .other:
            throw JournalFailure(
                "the state directory is not a directory", at: path,
                remedy: "move that file away, or name another directory with Bridge.state_dir")
        case .missing: break
        }
        let parent = parent(of: path)
        try makeDirectory(parent)
        if mkdir(path, 0o700) == 0 {
            // Whatever the umask took away.
            chmod(path, 0o700)
        } else if errno != EEXIST {
            throw failure("the state directory cannot be made", at: path, errno)
        }
        // Or the new directory could vanish with the power, and the journal with it. Not every parent may be read.
        if access(parent, R_OK) == 0 { try synchronizeDirectory(parent) }
    }

    private static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    enum Kind: Equatable {
        case missing
        case directory
        case regular(size: Int64)
        /// This user may not look.
        case forbidden
        case other
    }

    static func kind(of path: String) -> Kind {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == EACCES { return .forbidden }
            // Missing is only what is certainly not there: not a link to a file system that is not mounted, nor what
            // cannot be read.
            return (errno == ENOENT || errno == ENOTDIR) && lstat(path, &status) != 0 ? .missing : .other
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .directory
        case S_IFREG: return .regular(size: Int64(status.st_size))
        default: return .other
        }
    }

    /// By which a file is known whatever it is called.
    struct Identity: Equatable, Sendable {
        var device: UInt64
        var number: UInt64
    }

    /// `nil` if there is nothing at the path.
    static func identity(of path: String) -> Identity? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Identity(
            device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(truncatingIfNeeded: status.st_ino))
    }

    /// Whether this user may not write a file that is there, or not in its directory.
    static func isForbidden(_ path: String) -> Bool {
        for place in [path, parent(of: path)] where access(place, R_OK | W_OK) != 0 {
            if errno == EACCES { return true }
        }
        return false
    }

    /// Opens a file for writing, which the bridge's user alone may read.
    static func openPrivateFile(_ path: String, _ what: String) throws(JournalFailure) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("\(what) cannot be opened", at: path, errno) }
        var status = stat()
        // A file that was left open to others, or that a umask has closed to its owner.
        if fstat(descriptor, &status) == 0, status.st_mode & 0o777 != 0o600 { fchmod(descriptor, 0o600) }
        return descriptor
    }

    static func openDirectory(_ path: String) throws(JournalFailure) -> Int32 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("the state directory cannot be opened", at: path, errno) }
        return descriptor
    }

    /// Makes the names of new files in a directory survive the loss of power.
    static func synchronizeDirectory(_ path: String) throws(JournalFailure) {
        let descriptor = try openDirectory(path)
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw failure("the state directory cannot be synchronized", at: path, errno)
        }
    }

    /// A file that is not there is as good as removed.
    static func remove(_ path: String) throws(JournalFailure) {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("a file cannot be removed", at: path, errno) }
    }

    static func move(_ path: String, to other: String) throws(JournalFailure) {
        guard rename(path, other) == 0 else { throw failure("a file cannot be renamed", at: path, errno) }
    }

    static func forbidden(_ what: String, at path: String) -> JournalFailure { failure(what, at: path, EACCES) }

    static func failure(_ what: String, at path: String, _ code: Int32) -> JournalFailure {
        let reason = code == EACCES || code == EPERM ? "permission denied" : String(cString: strerror(code))
        let remedy =
            switch code {
            case ENOSPC, EDQUOT: "free space on that disk"
            case EROFS: "mount that file system for writing, or name another directory with Bridge.state_dir"
            case EACCES, EPERM: StateDirectory.permissionRemedy
            default: StateDirectory.remedy
            }
        return JournalFailure("\(what) (\(reason))", at: path, remedy: remedy)
    }
}
