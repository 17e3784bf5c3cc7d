/// The folder in which the bridge keeps its state.
package struct StateDirectory: Equatable, Sendable {
    package static let usual = "/var/lib/3cx-zammad-bridge"

    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    /// - Parameters:
    ///   - configured: `Bridge.state_dir`.
    ///   - environment: systemd sets `STATE_DIRECTORY`; with several directories, separated by colons, the first
    ///     counts.
    package init(configured: String?, environment: [String: String]) {
        let given = environment["STATE_DIRECTORY"]?.split(separator: ":").first.map(String.init)
        self.init(configured ?? given ?? Self.usual)
    }

    package var journalFile: String { path + "/journal.sqlite" }

    /// What was committed last (SQLite's write-ahead log).
    var journalLog: String { journalFile + "-wal" }

    /// The index of the log, which all processes map that use the journal.
    var journalIndex: String { journalFile + "-shm" }

    /// Locked by the daemon for as long as it runs.
    var lockFile: String { path + "/lock" }

    static let permissionRemedy =
        "run this as root or as the bridge's user; and see that the bridge's user may write in Bridge.state_dir"
    static let remedy = "check Bridge.state_dir, and that the bridge's user may write there"
}
