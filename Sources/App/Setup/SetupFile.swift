import Adapters
import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The configuration file that setup writes: there as a whole or not at all, and for root and the bridge alone.
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

    var backup: String { target + ".bak" }

    var exists: Bool { access(target, F_OK) == 0 }

    /// To be known before anybody has answered twenty questions.
    func checkPlace() throws(Failure) {
        var status = stat()
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
        let part = "\(target).\(getpid()).part"
        let descriptor = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(path, code: errno) }
        let owner = geteuid() == 0 ? Self.groupID : nil
        let isWritten =
            (owner.map { fchown(descriptor, 0, $0) == 0 } ?? true) && fchmod(descriptor, 0o640) == 0
            && DescriptorOutput.write(text, to: descriptor) && fsync(descriptor) == 0
        var code = errno
        if close(descriptor) != 0 || !isWritten || !keepPresent() || rename(part, target) != 0 {
            if isWritten { code = errno }
            unlink(part)
            throw Failure(path, code: code)
        }
        return owner == nil ? "mode 0640" : "mode 0640, root:\(Self.group)"
    }

    /// The bridge's own; `nil` where nobody has made it.
    static var groupID: gid_t? { getgrnam(group)?.pointee.gr_gid }

    /// As `.bak`; the file itself stays in its place meanwhile.
    private func keepPresent() -> Bool {
        guard exists else { return true }
        unlink(backup)
        return link(target, backup) == 0 || rename(target, backup) == 0
    }
}
