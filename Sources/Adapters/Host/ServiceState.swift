import Ports

/// What a service tells its manager; the words are those of sd_notify(3).
package enum ServiceState: Equatable, Sendable {
    /// Started, or done with reloading.
    case ready
    /// One sentence for `systemctl status`.
    case status(String)
    /// The service is alive; not saying so for the whole of `WatchdogSec=` ends it.
    case watchdog
    /// `monotonic`: the time at which it began, in microseconds of the monotonic clock.
    case reloading(monotonic: UInt64)
    case stopping

    var lines: String {
        switch self {
        case .ready: "READY=1"
        case .status(let sentence): "STATUS=\(sentence.withoutControlCharacters)"
        case .watchdog: "WATCHDOG=1"
        case .reloading(let monotonic): "RELOADING=1\nMONOTONIC_USEC=\(monotonic)"
        case .stopping: "STOPPING=1"
        }
    }
}
