import Adapters
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite("As a service the daemon", .timeLimit(.minutes(10)))
struct ServiceTests {
    enum Address: CaseIterable {
        case path
        #if os(Linux)
            case abstract
        #endif

        var text: String {
            let name = "bridge-\(UUID().uuidString)"
            switch self {
            case .path: return FileManager.default.temporaryDirectory.appending(path: name).path
            #if os(Linux)
                case .abstract: return "@\(name)"
            #endif
            }
        }
    }

    @Test(
        "tells its manager that it is ready, how it is, that it lives, reloads and stops", arguments: Address.allCases)
    func life(_ address: Address) async throws {
        let address = address.text
        defer { unlink(address) }
        try await NotifySocket.with(address) { manager in
            let environment = ["NOTIFY_SOCKET": address, "WATCHDOG_USEC": "400000"]
            try await BridgeStage.run(environment: environment) { stage in
                try await manager.wait(for: "STATUS=0 calls, 0 events pending, 3CX and Zammad reachable")
                try await stage.play([SceneCall(21, .inboundRinging)])
                let before = try await manager.wait(for: "STATUS=1 call, 0 events pending, 3CX and Zammad reachable")
                #expect(before.first == "READY=1")
                let alive = before.count { $0 == "WATCHDOG=1" }
                try await manager.wait(for: "signs of life") { $0.count { $0 == "WATCHDOG=1" } >= alive + 2 }

                stage.bridge.signal(SIGHUP)
                let reloaded = try await manager.wait(for: "the end of the reload") {
                    $0.count { $0 == "READY=1" } == 2
                }
                let reloading = try #require(reloaded.firstIndex(of: "RELOADING=1"))
                let time = try #require(reloaded[reloading + 1].wholeMatch(of: /MONOTONIC_USEC=(\d+)/)?.output.1)
                #expect(UInt64(time) ?? 0 > 0)
                #expect(reloaded[reloading...].contains("READY=1"))

                await stage.pbx.server.stop()
                try await manager.wait(for: "STATUS=1 call, 0 events pending, 3CX unreachable, Zammad reachable")
                try await stage.stop()
            }
            let all = try await manager.wait(for: "STOPPING=1")
            #expect(all.count { $0 == "STOPPING=1" } == 1)
            #expect(all.firstIndex(of: "STOPPING=1") ?? 0 > all.lastIndex(of: "READY=1") ?? .max)
        }
    }

    @Test("runs without a manager that listens, and says so once")
    func noManager() async throws {
        let environment = ["NOTIFY_SOCKET": "/nowhere/notify", "WATCHDOG_USEC": "100000"]
        try await BridgeStage.run(environment: environment) { stage in
            try await stage.play([SceneCall(21, .inboundRinging)])
            try await stage.zammad.waitForRequests(count: 1)
            try await stage.stop()
            let warnings = await stage.bridge.log.filter { $0.message.contains("/nowhere/notify") }
            #expect(warnings.count == 1 && warnings.first?.level == "warning")
        }
    }
}
