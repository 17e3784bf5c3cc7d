import Adapters

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The unit of the bridge, where systemd runs.
enum SystemService {
    static let name = "3cx-zammad-bridge"
    /// Which file it reads.
    static let configuration = "/etc/3cx-zammad-bridge/config.yaml"

    /// Whether it makes sense to offer it to somebody who has written that file.
    static func isAvailable(for path: String) -> Bool {
        let folders = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"]
        return path == configuration && geteuid() == 0 && access("/run/systemd/system", F_OK) == 0
            && folders.contains { access("\($0)/\(name).service", F_OK) == 0 }
    }

    /// Starts it, now and with the machine; one that runs starts again. What systemctl has to say it says itself.
    ///
    /// - Returns: whether it was done.
    static func enable() -> Bool {
        systemctl(["enable", name]) && systemctl(["restart", name])
    }

    private static func systemctl(_ words: [String]) -> Bool {
        var arguments = (["systemctl"] + words).map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var pid = pid_t()
        guard posix_spawnp(&pid, "systemctl", nil, nil, &arguments, environ) == 0 else { return false }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            guard errno == EINTR else { return false }
        }
        return status == 0
    }
}
