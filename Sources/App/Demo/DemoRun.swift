import Adapters
import Domain
import Logging
import Played
import Ports
import Synchronization

/// The real daemon between a phone system and a helpdesk that are played, both on loopback and in this process.
final class DemoRun: Sendable {
    struct Settings: Sendable {
        /// Of the status page; 0: any that is free.
        var port: Int
        /// How long it goes on at most.
        var limit: Duration?
        var zammadOutages: [DemoOutage]
        var phoneSystemOutages: [DemoOutage]
    }

    struct PortTaken: Error {
        let address: StatusAddress
        let reason: String
    }

    private let scripts: [any DemoScript]
    private let settings: Settings
    private let printer: DemoPrinter
    private let log: Logger
    private let folder: TemporaryFolder
    private let phoneSystem = DemoPhoneSystem()
    private let zammad: DemoZammad
    private let clock = SystemClock()
    private let pace: DemoPace
    /// When all is to end.
    private let end: Latch
    private let isPageUp = Latch()
    private let page = Mutex<StatusPageService.News?>(nil)

    /// Within this time after the end of a script the bridge has told Zammad of it.
    private static let aftermath: Duration = .seconds(4)

    init(
        _ scripts: [any DemoScript], settings: Settings, printer: DemoPrinter, log: Logger, folder: TemporaryFolder,
        pace: DemoPace, end: Latch
    ) {
        self.scripts = scripts
        self.settings = settings
        self.printer = printer
        self.log = log
        self.folder = folder
        self.pace = pace
        self.end = end
        zammad = DemoZammad(customers: OfficeScript.customers, clock: SystemClock())
    }

    /// Returns when all scripts have ended, or `end` has come.
    func run() async throws {
        let addresses = (try await phoneSystem.start(), try await zammad.start())
        let printing = Task { [zammad, printer, end, folder] in
            var hasTip = false
            for await event in zammad.events {
                if !printer.saw(event) { end.open() }
                if !hasTip { hasTip = printer.tip(event, stateDirectory: folder.path) }
            }
        }
        let playing = Task { try await self.play(addresses) }
        let timing = Task { await self.keepTime() }
        let result = await playing.result
        end.open()
        timing.cancel()
        // Nobody waits for a page that did not come.
        isPageUp.open()
        await timing.value
        await phoneSystem.stop()
        await zammad.stop()
        await printing.value
        try result.get()
        _ = printer.callerLog(zammad.rows)
        if zammad.isDown {
            StandardStreams.printRemark(
                "Zammad was down at the end, its caller log lacks the events that were still waiting.")
        }
    }

    private func play(_ addresses: (phoneSystem: String, zammad: String)) async throws {
        for script in scripts where !end.isOpen {
            let port = page.withLock { if case .listening(let address)? = $0 { address.port } else { settings.port } }
            let effective = try script.configuration(overrides: [
                "Bridge": ["status_listen": .string("127.0.0.1:\(port)")],
                "3CX": ["host": .string(addresses.phoneSystem)],
                "Zammad": ["endpoint": .string(addresses.zammad)],
            ])
            script.begin(on: phoneSystem, zammad)
            try await watch(script, effective)
        }
    }

    /// Runs the bridge until the script has ended.
    private func watch(_ script: any DemoScript, _ effective: EffectiveConfiguration) async throws {
        let daemon = try Daemon(
            effective.configuration, state: StateDirectory(folder.path), log: log, showsNumbers: true,
            onStatusPage: { self.note($0) })
        let isOver = Latch()
        let playing = Task {
            await isPageUp.wait()
            try await script.play(on: phoneSystem, zammad)
            try await pace.wait(upTo: Self.aftermath) {
                !zammad.rows.isEmpty && zammad.rows.allSatisfy { $0.state == .hangup }
            }
            isOver.open()
        }
        let ending = Task {
            await end.wait()
            isOver.open()
        }
        defer {
            isOver.open()
            playing.cancel()
            ending.cancel()
        }
        try await daemon.run(ConfigurationReading(effective: effective, again: { effective })) { await isOver.wait() }
        if case .failed(let address, let reason)? = page.withLock({ $0 }) {
            throw PortTaken(address: address, reason: reason)
        }
    }

    private func note(_ news: StatusPageService.News) {
        let isFirst = page.withLock { page in
            defer { page = news }
            return page == nil
        }
        switch news {
        case .listening(let address) where isFirst:
            if !printer.started(url: address.url, stateDirectory: folder.path) { end.open() }
            isPageUp.open()
        case .listening: break
        case .failed:
            isPageUp.open()
            end.open()
        }
    }

    // MARK: - Time

    /// Makes things fail when they are to, and ends it all when it is time. Counts from when the page is up.
    private func keepTime() async {
        await isPageUp.wait()
        let start = clock.now()
        await withTaskGroup { group in
            if let limit = settings.limit {
                group.addTask { [clock, end] in
                    do { try await clock.sleep(until: start + limit) } catch { return }
                    end.open()
                }
            }
            for outage in settings.zammadOutages {
                group.addTask { [zammad] in
                    await self.play(outage, from: start, of: "Zammad", "events wait") { zammad.setDown($0) }
                }
            }
            for outage in settings.phoneSystemOutages {
                group.addTask { [phoneSystem] in
                    await self.play(outage, from: start, of: "3CX", "calls stay as they are") {
                        phoneSystem.setDown($0)
                    }
                }
            }
        }
    }

    private func play(
        _ outage: DemoOutage, from start: Instant, of name: String, _ consequence: String,
        setDown: (Bool) -> Void
    ) async {
        do {
            try await clock.sleep(until: start + outage.start)
            setDown(true)
            zammad.note(HelpdeskEvent(at: clock.now(), outage: "\(name) is down from now on; \(consequence)"))
            try await clock.sleep(until: start + outage.end)
            setDown(false)
            zammad.note(HelpdeskEvent(at: clock.now(), outage: "\(name) is there again"))
        } catch {
            // The demo has ended.
        }
    }
}
