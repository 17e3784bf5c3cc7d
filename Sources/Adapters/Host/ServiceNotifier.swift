#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Tells the service manager how the service is: one datagram a message, to the socket that `NOTIFY_SOCKET` names
/// (sd_notify(3)).
package struct ServiceNotifier: Sendable {
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        let what: String
        let place: String

        package var description: String {
            "\(what) at the service manager's socket \(place); start the bridge by systemd, or without NOTIFY_SOCKET"
        }
    }

    /// How long the manager waits for a sign of life; `nil` if it does not wait.
    package let watchdogPeriod: Duration?
    private let address: String

    /// - Returns: `nil` without a service manager.
    package init?(environment: [String: String]) {
        guard let address = environment["NOTIFY_SOCKET"], !address.isEmpty else { return nil }
        self.address = address
        watchdogPeriod = Self.watchdogPeriod(environment)
    }

    /// A variable that is inherited from a service further up names another process.
    private static func watchdogPeriod(_ environment: [String: String]) -> Duration? {
        if let process = environment["WATCHDOG_PID"], process != String(getpid()) { return nil }
        guard let period = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }), period > 0 else { return nil }
        return .microseconds(period)
    }

    /// The time at which a reload begins, as the manager wants it.
    package static func monotonicMicroseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    }

    /// All in one datagram. Waits for a second at most.
    package func tell(_ states: [ServiceState]) throws(Failure) {
        guard !states.isEmpty else { return }
        let message = Array(states.map(\.lines).joined(separator: "\n").utf8)
        let (name, length) = try socketAddress()
        #if canImport(Glibc)
            let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        #else
            let descriptor = socket(AF_UNIX, SOCK_DGRAM, 0)
        #endif
        guard descriptor >= 0 else { throw failure("no socket") }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let sent = withUnsafePointer(to: name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, message, message.count, 0, $0, length)
            }
        }
        guard sent == message.count else { throw failure("a message was not taken") }
    }

    /// `@` begins the name of an abstract socket, which is no file.
    private func socketAddress() throws(Failure) -> (sockaddr_un, socklen_t) {
        var bytes = Array(address.utf8)
        let isAbstract = bytes.first == UInt8(ascii: "@")
        guard isAbstract || bytes.first == UInt8(ascii: "/") else {
            throw Failure(what: "an address that is neither a path nor @…", place: address)
        }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        // A path ends with a zero, an abstract name with the address.
        if isAbstract { bytes[0] = 0 } else { bytes.append(0) }
        guard bytes.count <= MemoryLayout.size(ofValue: name.sun_path) else {
            throw Failure(what: "an address that is too long", place: address)
        }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        return (name, socklen_t(start + bytes.count))
    }

    private func failure(_ what: String) -> Failure {
        Failure(what: "\(what) (\(String(cString: strerror(errno))))", place: address)
    }
}
