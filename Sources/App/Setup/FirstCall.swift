import Adapters
import Domain
import FoundationEssentials
import Logging
import Ports
import Wire

/// Waits for the first call, and says what came.
struct FirstCall: Sendable {
    /// Who says what came.
    enum Witness: Sendable {
        /// The bridge that runs, at its status page.
        case bridge(StatusClient)
        /// 3CX itself: what Zammad would be told is said, and nobody tells it.
        case phoneSystem
    }

    let configuration: BridgeConfiguration
    let terminal: any SetupTerminal
    let limit: Duration
    /// Opened when nobody wants to wait any more.
    let skip: Latch

    /// Until a call was told, the time is over, or nobody wants to wait.
    ///
    /// - Returns: whether a call came that Zammad hears of.
    func wait(_ witness: Witness) async -> Bool {
        let hasCome = Latch()
        let watching = Task {
            switch witness {
            case .bridge(let client): await listen(to: client, hasCome)
            case .phoneSystem: await poll(hasCome)
            }
        }
        let timing = Task {
            do { try await SystemClock().sleep(until: SystemClock().now() + limit) } catch { return }
            skip.open()
        }
        let answering = Task {
            await hasCome.wait()
            skip.open()
        }
        await skip.wait()
        let came = hasCome.isOpen
        hasCome.open()
        for task in [watching, timing, answering] { task.cancel() }
        await watching.value
        return came
    }

    /// Once a call would be seen.
    private func invite() async {
        let seconds = limit.components.seconds
        await terminal.say("\nCall a watched extension from outside now. Waiting for \(seconds) s; Ctrl-C skips this.")
    }

    // MARK: - The bridge that runs

    /// It has just been started, so that it may not answer at once.
    private func listen(to client: StatusClient, _ hasCome: Latch) async {
        let (heard, continuation) = AsyncStream.makeStream(of: StatusClient.Heard.self)
        let saying = Task {
            for await one in heard {
                switch one {
                case .connected: await invite()
                case .activity(let activity, _):
                    await terminal.say(TapCommand.line(activity))
                    if activity.kind == .delivered { hasCome.open() }
                case .missed: break
                }
            }
        }
        while !Task.isCancelled {
            do throws(StatusClient.Failure) {
                try await client.listen { heard in
                    continuation.yield(heard)
                    return !hasCome.isOpen
                }
            } catch {
                // Not there yet, or starting again; the limit ends it.
            }
            do { try await Task.sleep(for: .milliseconds(500)) } catch { break }
        }
        continuation.finish()
        await saying.value
    }

    // MARK: - 3CX itself

    private func poll(_ hasCome: Latch) async {
        let silent = Logger(label: "setup") { _ in SwiftLogNoOpLogHandler() }
        do throws(HTTPTransportSetupFailure) {
            let mask = TraceMask(configuration, showsNumbers: false)
            let side = try PhoneSystemSide(configuration, log: silent, mask: mask)
            let listener = Listener(configuration, terminal, hasCome, invite)
            await side.source().run { await listener.hear($0) }
            await side.shutdown()
        } catch {
            await terminal.show(ServerProbes.unusable(error))
        }
    }

    /// The core of the bridge, whose events go nowhere.
    private actor Listener {
        private var core: BridgeCore
        private let configuration: BridgeConfiguration
        private let terminal: any SetupTerminal
        private let hasCome: Latch
        private let invite: @Sendable () async -> Void
        private var failure: PollFailure?
        /// The calls of the first poll.
        private var known: Set<PBXCallID>?

        init(
            _ configuration: BridgeConfiguration, _ terminal: any SetupTerminal, _ hasCome: Latch,
            _ invite: @escaping @Sendable () async -> Void
        ) {
            core = BridgeCore(calls: [.init(configuration)], delivery: [.init(configuration)])
            self.configuration = configuration
            self.terminal = terminal
            self.hasCome = hasCome
            self.invite = invite
        }

        func hear(_ report: CallSourceReport) async {
            switch report {
            case .polled(let snapshot, _):
                failure = nil
                let polled = BridgeCore.Input.polled(snapshot, at: configuration.phoneSystem.name)
                let decisions = core.handle(polled, at: snapshot.takenAt).decisions
                // What is under way already proves less than a call that somebody makes now.
                if known == nil {
                    known = Set(snapshot.calls.map(\.id))
                    await invite()
                }
                for decision in decisions where known?.contains(decision.pbxCallID) == false { await say(decision) }
            case .pollFailed(let failure, _) where failure.kind != self.failure?.kind && failure.kind != .cancelled:
                self.failure = failure
                await terminal.say("  3CX is not seen: \(failure)".withoutControlCharacters)
            default: break
            }
        }

        private func say(_ decision: CallDecision) async {
            let event = StatusEvent(at: decision.at, .news(.decided(decision)))
            guard let activity = StatusActivity(event, StatusPrivacy(showsNumbers: true)) else { return }
            await terminal.say(TapCommand.line(activity))
            for command in decision.commands {
                let way = command.direction == .inbound ? "from \(command.from) to \(command.to)" : "to \(command.to)"
                await terminal.say("    Zammad: \(command.event.rawValue), \(way)".withoutControlCharacters)
            }
            if !decision.commands.isEmpty { hasCome.open() }
        }
    }
}
