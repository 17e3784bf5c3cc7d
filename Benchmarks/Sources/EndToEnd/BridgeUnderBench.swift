import Foundation
import NIOCore

/// The bridge's process, and what the kernel says of it.
struct BridgeUnderBench {
    private let process: Process
    private let folder: URL
    /// Just before it was started.
    let startedAt: NIODeadline

    struct Settings {
        var program: String
        var interface: Interface
        /// Their addresses.
        var phoneSystems: [String]
        var helpdesk: String
        var pollInterval = "0.5"
    }

    static func start(_ settings: Settings) throws -> BridgeUnderBench {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bridge-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let configuration = folder.appending(path: "config.yaml")
        try Data(text(settings, folder).utf8).write(to: configuration)
        let log = folder.appending(path: "log")
        try Data().write(to: log)
        let process = Process()
        process.executableURL = URL(filePath: settings.program)
        process.arguments = ["-c", configuration.path]
        process.standardError = try FileHandle(forWritingTo: log)
        let startedAt = NIODeadline.now()
        try process.run()
        return BridgeUnderBench(process: process, folder: folder, startedAt: startedAt)
    }

    private static func text(_ settings: Settings, _ folder: URL) -> String {
        """
        Bridge:
          poll_interval: \(settings.pollInterval)
          api: \(settings.interface.api)
          events: \(settings.interface == .events)
          state_dir: "\(folder.path)/state"
          status_listen: ""
        3CX:
        \(settings.phoneSystems.enumerated().map(phoneSystem).joined(separator: "\n"))
        Zammad:
          endpoint: "\(settings.helpdesk)"

        """
    }

    private static func phoneSystem(_ number: Int, _ host: String) -> String {
        """
          - name: office-\(number)
            host: "\(host)"
            user: admin
            pass: secret
            client_id: bench
            client_secret: secret
            group: Support
            extension_digits: 4
            trunk_digits: 5
        """
    }

    /// Ends it as systemd does.
    ///
    /// - Throws: ``BenchFailure`` if it does not end well.
    func stop() throws {
        process.terminate()
        process.waitUntilExit()
        let log = String(decoding: try Data(contentsOf: folder.appending(path: "log")), as: UTF8.self)
        try FileManager.default.removeItem(at: folder)
        guard process.terminationStatus == 0 else {
            throw BenchFailure("the bridge ended with \(process.terminationStatus):\n\(log.suffix(2000))")
        }
    }

    var isRunning: Bool { process.isRunning }

    /// Seconds of processor time so far, exact where the kernel counts by the tick in `/proc/PID/stat`.
    var cpuSeconds: Double {
        get throws {
            var clock = clockid_t()
            var time = timespec()
            guard clock_getcpuclockid(process.processIdentifier, &clock) == 0, clock_gettime(clock, &time) == 0 else {
                throw BenchFailure("the processor time of \(process.processIdentifier) cannot be read")
            }
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
    }

    /// MB (10^6 bytes) of memory in use.
    var residentMegabytes: Double {
        get throws {
            let line = try read("status").split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
            let words = line.split { $0 == " " || $0 == "\t" }
            guard let kilobytes = words.dropFirst().first.flatMap({ Double($0) }) else {
                throw BenchFailure("/proc/\(process.processIdentifier)/status has no VmRSS")
            }
            return kilobytes * 1024 / 1e6
        }
    }

    var openDescriptors: Int {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.processIdentifier)/fd").count
        }
    }

    var journalMegabytes: Double {
        get throws {
            let state = folder.appending(path: "state")
            return try FileManager.default.contentsOfDirectory(atPath: state.path).reduce(0.0) { total, name in
                let size = try FileManager.default.attributesOfItem(atPath: state.appending(path: name).path)[.size]
                return total + ((size as? NSNumber)?.doubleValue ?? 0) / 1e6
            }
        }
    }

    private func read(_ name: String) throws -> String {
        String(
            decoding: try Data(contentsOf: URL(filePath: "/proc/\(process.processIdentifier)/\(name)")), as: UTF8.self)
    }
}
