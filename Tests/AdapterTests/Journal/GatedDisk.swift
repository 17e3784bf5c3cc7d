import Dispatch
import Foundation
import GRDB
import GRDBSQLite
import Synchronization

@testable import Adapters

/// A disk whose flushes of one journal's log take until they are let go, or fail.
///
/// To be made before the journal is opened.
final class GatedDisk: Sendable {
    private struct State {
        var isHeld = false
        var holding = 0
        var fails = false
    }

    private let state = Mutex(State())
    private let gate = DispatchSemaphore(value: 0)

    init(_ directory: StateDirectory) throws {
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        FlushHooks.set(directory.journalLog) { self.flush() }
    }

    /// Whether the flush succeeds.
    private func flush() -> Bool {
        let isHeld = state.withLock { state in
            if state.isHeld { state.holding += 1 }
            return state.isHeld
        }
        if isHeld { gate.wait() }
        return state.withLock { !$0.fails }
    }

    var isHeld: Bool { state.withLock { $0.isHeld } }

    /// From the next flush on.
    func hold() {
        state.withLock { $0.isHeld = true }
    }

    func waitUntilHolding() async throws {
        while state.withLock({ $0.holding }) == 0 { try await Task.sleep(for: .milliseconds(5)) }
    }

    /// Lets the flush go that is held; the next one is held again.
    func letOneGo() {
        state.withLock { $0.holding -= 1 }
        gate.signal()
    }

    func letGo() {
        let holding = state.withLock { state in
            defer { (state.isHeld, state.holding) = (false, 0) }
            return state.holding
        }
        for _ in 0..<holding { gate.signal() }
    }

    func fail(_ fails: Bool) {
        state.withLock { $0.fails = fails }
    }
}

/// What happens before SQLite flushes a file, in place of its own file system, which does all the rest.
private enum FlushHooks {
    typealias Hook = @Sendable () -> Bool

    private struct State {
        var hooks: [String: Hook] = [:]
        /// By the address of SQLite's file.
        var hooksOfOpenFiles: [Int: Hook] = [:]
    }

    private static let state = Mutex(State())
    nonisolated(unsafe) private static let system = sqlite3_vfs_find(nil)!
    /// Those of a log, and the same with the hook; made once, when the first log is opened.
    nonisolated(unsafe) private static var systemMethods: UnsafePointer<sqlite3_io_methods>?
    nonisolated(unsafe) private static let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)

    /// `hook` says whether the flush succeeds. It concerns the files at the path that are opened from now on.
    static func set(_ path: String, _ hook: @escaping Hook) {
        state.withLock { $0.hooks[path] = hook }
        _ = isInstalled
    }

    /// For all connections that are opened from now on.
    private static let isInstalled: Bool = {
        let hooked = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        hooked.initialize(to: system.pointee)
        hooked.pointee.zName = UnsafePointer(strdup("hooked"))
        hooked.pointee.xOpen = { _, name, file, flags, outFlags in
            let result = FlushHooks.system.pointee.xOpen(FlushHooks.system, name, file, flags, outFlags)
            if result == SQLITE_OK, let name, let file { FlushHooks.opened(file, String(cString: name)) }
            return result
        }
        return sqlite3_vfs_register(hooked, 1) == SQLITE_OK
    }()

    private static func opened(_ file: UnsafeMutablePointer<sqlite3_file>, _ path: String) {
        state.withLock { state in
            // SQLite names the file with all links resolved.
            let hook = state.hooks.first { path.hasSuffix($0.key) }?.value
            state.hooksOfOpenFiles[Int(bitPattern: file)] = hook
            guard hook != nil, let found = file.pointee.pMethods else { return }
            if systemMethods == nil {
                systemMethods = found
                methods.initialize(to: found.pointee)
                methods.pointee.xSync = { FlushHooks.flush($0, $1) }
            }
            file.pointee.pMethods = UnsafePointer(methods)
        }
    }

    private static func flush(_ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32) -> Int32 {
        let hook = state.withLock { $0.hooksOfOpenFiles[Int(bitPattern: file)] }
        guard hook?() ?? true, let systemMethods else { return ResultCode.SQLITE_IOERR_FSYNC.rawValue }
        return systemMethods.pointee.xSync(file, flags)
    }
}
