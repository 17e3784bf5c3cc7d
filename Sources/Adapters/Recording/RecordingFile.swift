#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that is there as a whole or not at all, and that only its owner may read.
package struct RecordingFile: Sendable {
    package let path: String
    private let temporary: String
    private let replacesOther: Bool

    package struct Failure: Error, CustomStringConvertible {
        package enum Kind: Sendable {
            case exists
            case unusable
        }

        package let kind: Kind
        package let description: String
    }

    /// Makes sure at once that the file can be written: nobody wants to know only after ten minutes.
    ///
    /// - Parameter replacesOther: Whether a file that is there already may go.
    package init(path: String, replacesOther: Bool) throws(Failure) {
        self.path = path
        self.replacesOther = replacesOther
        temporary = "\(path).\(getpid()).part"
        var status = stat()
        if lstat(path, &status) == 0 {
            guard replacesOther else { throw Self.exists(path) }
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw Failure(kind: .unusable, description: "\(path) is not a file; give another one with --output")
            }
        }
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path, errno) }
        close(descriptor)
    }

    /// Puts the text into place.
    package func write(_ text: String) throws(Failure) {
        let descriptor = open(temporary, O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path, errno) }
        let isWritten = DescriptorOutput.write(text, to: descriptor) && fsync(descriptor) == 0
        let reason = errno
        close(descriptor)
        guard isWritten else {
            abandon()
            throw Self.failure(path, reason)
        }
        // `link` never replaces anything, whatever has come there meanwhile.
        let result = replacesOther ? rename(temporary, path) : link(temporary, path)
        let cause = errno
        if result == 0, replacesOther { return }
        abandon()
        guard result != 0 else { return }
        throw cause == EEXIST ? Self.exists(path) : Self.failure(path, cause)
    }

    /// Leaves nothing behind.
    package func abandon() { unlink(temporary) }

    private static func exists(_ path: String) -> Failure {
        Failure(kind: .exists, description: "\(path) exists already; give another name with --output, or --force")
    }

    private static func failure(_ path: String, _ code: Int32) -> Failure {
        Failure(
            kind: .unusable,
            description:
                "\(path) cannot be written: \(String(cString: strerror(code))); give another place with --output")
    }
}
