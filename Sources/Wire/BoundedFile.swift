#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads small files, never more than a limit. The pipes of a shell are read too, for `--config <(…)`.
package enum BoundedFile {
    package enum Failure: Error, Equatable {
        case notFound
        case isDirectory
        /// A pipe or a terminal, which may have nothing to read for ever.
        case mayHang
        case tooLarge(limit: Int)
        case unreadable(reason: String)

        /// Completes "the file …".
        package var description: String {
            switch self {
            case .notFound: "does not exist"
            case .isDirectory: "is a directory"
            case .mayHang: "is a pipe or a terminal, and not a file"
            case .tooLarge(let limit): "is larger than \(limit) bytes"
            case .unreadable(let reason): "cannot be read (\(reason))"
            }
        }
    }

    package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        // Without waiting for somebody who writes to a pipe.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(of: errno) }
        defer { close(descriptor) }
        try checkKind(of: descriptor, path)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = buffer.withUnsafeMutableBytes { systemRead(descriptor, $0) }
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(of: errno)
            }
            bytes.append(contentsOf: buffer[..<count])
            guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        }
    }

    private static func checkKind(of descriptor: Int32, _ path: String) throws(Failure) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(of: errno) }
        let isHandedOver = ["/dev/fd/", "/dev/stdin", "/proc/self/fd/"].contains { path.hasPrefix($0) }
        switch status.st_mode & S_IFMT {
        // Who starts the program has somebody at the other end, who may take a moment.
        case S_IFIFO where isHandedOver: _ = fcntl(descriptor, F_SETFL, O_RDONLY)
        case S_IFIFO: throw .mayHang
        case S_IFCHR where isatty(descriptor) == 1: throw .mayHang
        default: break
        }
    }

    private static func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
            Musl.read(descriptor, buffer.baseAddress, buffer.count)
        #else
            Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }

    private static func failure(of code: Int32) -> Failure {
        switch code {
        case ENOENT, ENOTDIR: .notFound
        case EISDIR: .isDirectory
        default: .unreadable(reason: String(cString: strerror(code)))
        }
    }
}
