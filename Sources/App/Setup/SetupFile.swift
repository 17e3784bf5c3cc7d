import Adapters
import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The configuration file that setup writes: there as a whole or not at all. A new one is for root and the bridge
/// alone; one that is there stays whose it is, and no one else comes to read it.
struct SetupFile: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ path: String, _ reason: String, _ remedy: String) {
            description = "\(path) cannot be written (\(reason)); \(remedy)"
        }

        init(_ path: String, code: Int32) {
            let isForbidden = code == EACCES || code == EPERM
            self.init(
                path, isForbidden ? "permission denied" : String(cString: strerror(code)),
                isForbidden
                    ? "run setup as root, or give another place with --config"
                    : "check that place, or give another one with --config")
        }
    }

    static let group = "zammadbridge"

    let path: String
    /// Where a link leads.
    private let target: String
    private let folder: String

    init(_ path: String) {
        self.path = path
        let resolved = realpath(path, nil)
        let target = resolved.map { String(cString: $0) } ?? path
        free(resolved)
        self.target = target
        folder = Self.folder(of: target)
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    /// Where the file that is there is kept: under a name that nothing else has.
    var backup: String {
        let names = [".bak"] + (1...Self.mostBackups).map { ".bak.\($0)" }
        let present = FileManager.default.contents(atPath: target)
        let suffix = names.first { name in
            var status = stat()
            guard lstat(target + name, &status) == 0 else { return true }
            return present != nil && FileManager.default.contents(atPath: target + name) == present
        }
        return target + (suffix ?? ".bak.\(Self.mostBackups + 1)")
    }

    private static let mostBackups = 999

    var exists: Bool { access(target, F_OK) == 0 }

    var isReadable: Bool { access(target, R_OK) == 0 }

    /// Whether its mode lets the members of a group read it.
    func isReadable(by group: gid_t) -> Bool {
        var status = stat()
        guard stat(target, &status) == 0 else { return false }
        return status.st_mode & S_IROTH != 0 || (status.st_gid == group && status.st_mode & S_IRGRP != 0)
    }

    /// What answers in advance: a file of before where there is none yet.
    func orEarlier(_ path: String) -> SetupFile {
        let earlier = SetupFile(path)
        return !exists && earlier.exists ? earlier : self
    }

    /// To be known before anybody has answered twenty questions.
    func checkPlace() throws(Failure) {
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, access(path, F_OK) != 0 {
            throw Failure(
                path, "it is a link that leads to no file",
                "make the file where it leads, remove the link, or give another place with --config")
        }
        if stat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw Failure(path, "it is no file", "give another place with --config")
        }
        var place = folder
        while access(place, F_OK) != 0, errno == ENOENT, place != "." { place = Self.folder(of: place) }
        guard access(place, W_OK | X_OK) == 0 else { throw Failure(path, code: errno) }
    }

    /// - Returns: what it is like now, in words.
    func write(_ text: String) throws(Failure) -> String {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                path, "its directory \(folder) cannot be made", "make it, or give another place with --config")
        }
        let lock = try lockFolder()
        defer { close(lock) }
        let ownership = Ownership(of: target)
        if exists { try keepPresent(ownership) }
        let part = "\(target).\(getpid()).part"
        try create(part, Array(text.utf8), ownership)
        guard rename(part, target) == 0 else {
            let code = errno
            unlink(part)
            throw Failure(path, code: code)
        }
        fsync(lock)
        return ownership.words
    }

    /// Two that write at once would keep the same file twice, and lose one.
    ///
    /// - Returns: what is to be closed.
    private func lockFolder() throws(Failure) -> Int32 {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(path, code: errno) }
        // The other one is done in no time.
        for _ in 0..<50 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
            guard errno == EWOULDBLOCK || errno == EINTR else { break }
            usleep(100_000)
        }
        let code = errno
        close(descriptor)
        guard code == EWOULDBLOCK else { throw Failure(path, code: code) }
        throw Failure(path, "another setup is writing there", "wait until it is done, and start setup again")
    }

    /// As a copy; the file itself stays in its place meanwhile.
    private func keepPresent(_ ownership: Ownership) throws(Failure) {
        let backup = backup
        guard let present = FileManager.default.contents(atPath: target) else { throw Failure(path, code: EACCES) }
        // There is a copy already, perhaps one that more people may read.
        if unlink(backup) != 0, errno != ENOENT { throw Failure(backup, code: errno) }
        try create(backup, Array(present), ownership)
    }

    private func create(_ path: String, _ bytes: [UInt8], _ ownership: Ownership) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Failure(self.path, code: errno) }
        let isWritten =
            ownership.give(to: descriptor)
            && DescriptorOutput.write(bytes, to: descriptor) && fsync(descriptor) == 0
        var code = errno
        let isClosed = close(descriptor) == 0
        if isWritten, !isClosed { code = errno }
        guard isWritten, isClosed else {
            unlink(path)
            throw Failure(self.path, code: code)
        }
    }

    /// The bridge's own; `nil` where nobody has made it.
    static var groupID: gid_t? { getgrnam(group)?.pointee.gr_gid }
}

/// Whose a file is, and who may read it.
private struct Ownership {
    private let user: uid_t?
    private let group: gid_t?
    private let mode: mode_t
    private let isKept: Bool

    /// That of a file that is there, else that of a new configuration.
    init(of path: String) {
        var status = stat()
        isKept = stat(path, &status) == 0
        if isKept {
            (user, group, mode) = (status.st_uid, status.st_gid, status.st_mode & 0o640)
        } else {
            group = geteuid() == 0 ? SetupFile.groupID : nil
            user = group == nil ? nil : 0
            mode = 0o640
        }
    }

    /// Whoever may not give a file away keeps it.
    func give(to descriptor: Int32) -> Bool {
        if let user, let group, fchown(descriptor, user, group) != 0 {
            guard isKept, errno == EPERM else { return false }
        }
        return fchmod(descriptor, mode) == 0
    }

    var words: String {
        let digits = String(mode, radix: 8)
        let mode = "mode " + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return isKept ? "\(mode), owner as before" : group == nil ? mode : "\(mode), root:\(SetupFile.group)"
    }
}
