#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

import FoundationEssentials
import Synchronization

/// A new folder that only this user may enter, in the system's place for what does not last.
final class TemporaryFolder: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let path: String
    private let isThere = Mutex(true)

    /// - Parameter name: What its name begins with.
    init(_ name: String) throws(Failure) {
        let place = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array("\(place)/\(name)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Failure(
                description:
                    "no temporary directory can be made in \(place) (\(String(cString: strerror(errno)))); "
                    + "set TMPDIR to one that you may write to")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// With all that is in it.
    ///
    /// - Throws: if something of it is left; a second time it does nothing.
    func remove() throws(Failure) {
        guard
            isThere.withLock({ isThere in
                defer { isThere = false }
                return isThere
            })
        else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw Failure(description: "the temporary directory \(path) cannot be removed; remove it by hand")
        }
    }
}
