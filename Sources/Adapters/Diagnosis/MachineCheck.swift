#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

import NIOCore
import NIOPosix
package import Ports

/// Looks at what the bridge needs of this machine, and whether one runs already. It makes nothing: what root makes here
/// the bridge's user may not write.
package struct MachineCheck: Sendable {
    private let state: StateDirectory
    private let bridge: BridgeConfiguration.Bridge

    package init(_ state: StateDirectory, _ bridge: BridgeConfiguration.Bridge) {
        self.state = state
        self.bridge = bridge
    }

    package func run(_ report: CheckReporter) async {
        let isRunning = StateDirectoryLock.isHeld(state)
        if isRunning {
            await report.finding(.ok(.state, "a bridge runs, with the state directory \(state.path)"))
        } else {
            await report.finding(stateDirectory())
        }
        if let address = StatusAddress(bridge.statusListen) {
            await report.finding(await statusAddress(address, isRunning))
        }
    }

    // MARK: - The state directory

    private func stateDirectory() -> CheckFinding {
        let path = state.path
        switch FileStep.kind(of: path) {
        case .missing: return missing()
        case .directory: return existing()
        case .forbidden:
            return .warning(
                .state, "the state directory cannot be opened (permission denied): \(path)",
                remedy: "run this as root or as the bridge's user to have it checked")
        case .regular, .other:
            return .problem(
                .state, .configuration, "the state directory is not a directory: \(path)",
                remedy: "move that file away, or name another directory with Bridge.state_dir")
        }
    }

    /// Whether it can be made is asked of the nearest directory above that there is.
    private func missing() -> CheckFinding {
        var parent = state.path
        repeat {
            parent = parent.lastIndex(of: "/").map { $0 == parent.startIndex ? "/" : String(parent[..<$0]) } ?? "."
        } while FileStep.kind(of: parent) == .missing && parent != "/" && parent != "."
        guard !FileStep.isForbidden(parent + "/x") else {
            return .warning(
                .state, "the state directory does not exist, and this user may not make it: \(state.path)",
                remedy: "systemd makes it when it starts the bridge; otherwise make it, owned by the bridge's user")
        }
        return .note(.state, "the state directory does not exist yet; the bridge makes it: \(state.path)")
    }

    private func existing() -> CheckFinding {
        guard !FileStep.isForbidden(state.journalFile) else {
            return .warning(
                .state, "this user may not write in the state directory (permission denied): \(state.path)",
                remedy: "run this as the bridge's user to have it checked; that user must own the directory")
        }
        do throws(JournalFailure) {
            guard let journal = try OperatorJournal.open(in: state) else {
                return .ok(.state, "the state directory is empty; the bridge has not run with it: \(state.path)")
            }
            try journal.close()
            return .ok(.state, "no bridge runs; its journal is intact: \(state.journalFile)")
        } catch {
            return .problem(.state, .configuration, "\(error.what): \(error.place)", remedy: error.remedy)
        }
    }

    // MARK: - The status page

    private func statusAddress(_ address: StatusAddress, _ isRunning: Bool) async -> CheckFinding {
        let key = "Bridge.status_listen"
        do {
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: address.host, port: address.port).get()
            try await channel.close()
            return isRunning
                ? .warning(
                    .statusPage, "the bridge that runs has no status page at \(address)",
                    remedy: "see its log; a changed \(key) is used when it starts again")
                : .ok(.statusPage, "the status page's address is free: \(address)")
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            return await occupied(address, key, isRunning)
        } catch {
            return .warning(
                .statusPage, "the status page cannot be at \(address): \(StatusServer.reason(error))",
                remedy: "name an address of this machine with \(key), with a port above 1023")
        }
    }

    private func occupied(_ address: StatusAddress, _ key: String, _ isRunning: Bool) async -> CheckFinding {
        // Whoever may not look into the state directory cannot tell one bridge from another.
        let isOurs = isRunning || FileStep.isForbidden(state.lockFile)
        do throws(StatusClient.Failure) {
            let (status, _) = try await StatusClient(url: address.url, token: bridge.statusToken).status()
            guard !isOurs else {
                return .ok(.statusPage, "a bridge runs, whose status page answers at \(address)")
            }
            return .warning(
                .statusPage,
                "a bridge with another state directory runs (instance \(status.instance)): its status page is at "
                    + "\(address)",
                remedy: "stop it, or Zammad gets each call twice; or name another address with \(key)")
        } catch {
            if isOurs, error == .tokenRefused {
                return .ok(.statusPage, "a bridge runs, whose status page is at \(address)")
            }
            return .warning(
                .statusPage, "the status page's address is in use by another program: \(address)",
                remedy: "name another one with \(key); the bridge reports calls all the same")
        }
    }
}
