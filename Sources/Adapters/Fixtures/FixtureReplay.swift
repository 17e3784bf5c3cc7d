package import Domain
import FoundationEssentials
import Ports

/// Plays a fixture on a virtual clock through the production decoders, the core and the Zammad sink.
package struct FixtureReplay: Sendable {
    /// Something that happened, with the time since the start.
    package struct Moment: Equatable, Sendable {
        package enum Kind: Equatable, Sendable {
            case decision(CallDecision)
            /// `answer`: what Zammad said, where it did not simply take the event.
            case request(ExpectedRequest, answer: String?)
            /// `answer`: what came of it.
            case change(ExpectedChange, answer: String)
            case ticket(ExpectedTicket)
            case lookFailed(String)
            case notice(String)
        }

        package var at: Int64
        package var kind: Kind
    }

    /// What a look showed, until the next one that showed something else.
    package struct Sighting: Equatable, Sendable {
        /// Milliseconds since the start.
        package var at: Int64
        package var calls: [ObservedCall]
    }

    package struct Result: Equatable, Sendable {
        package var moments: [Moment]
        package var sightings: [Sighting]
        package var requests: [ExpectedRequest]
        package var changes: [ExpectedChange]
        package var tickets: [ExpectedTicket]
        /// Events that were not delivered in the end.
        package var undelivered: Int
        /// Tickets that were neither made nor given up in the end.
        package var waitingTickets = 0
    }

    /// Why a fixture cannot be played: its configuration is wrong.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let fixture: Fixture
    private let clock: VirtualClock
    private let servers: ScriptedServers
    private let view: any PhoneSystemView
    /// Where the view has an event socket.
    private let socket: ReplayedSocket?
    /// By the name of the Zammad.
    private let sinks: [String: ZammadSink]
    private let ticketSystems: [String: ZammadTickets]
    private var core: BridgeCore
    private var moments: [Moment] = []
    private var sightings: [Sighting] = []
    private var lastSnapshot: CallSnapshot?

    package init(_ fixture: Fixture) throws(Failure) {
        self.fixture = fixture
        clock = VirtualClock(fixture.start)
        let configuration = try Self.configuration(of: fixture)
        let endpoints = configuration.zammads.map { ($0.name, $0.endpoint.reveal()) }
        servers = ScriptedServers(fixture, zammads: Dictionary(endpoints) { first, _ in first })
        if let name = fixture.steps.flatMap(\.zammads.keys).first(where: { name in !endpoints.contains { $0.0 == name }
        }) {
            throw Failure(description: "the steps name a Zammad \(name) that config does not have")
        }
        let settings = PhoneSystemSettings(configuration.alone(with: configuration.phoneSystem))
        guard let view = Self.view(fixture.source, settings, servers, clock) else {
            throw Failure(description: "credentials for \(fixture.source.rawValue) are missing")
        }
        self.view = view
        socket = (view as? CallControlView).flatMap { fixture.source.hasEvents ? ReplayedSocket($0) : nil }
        let servers = servers
        sinks = Dictionary(
            configuration.zammads.map { zammad in
                let api = ZammadAPI(zammad, transport: servers)
                return (zammad.name, ZammadSink(endpoint: zammad.endpoint, transport: servers, api: api))
            },
            uniquingKeysWith: { first, _ in first })
        var ticketSystems: [String: ZammadTickets] = [:]
        for zammad in configuration.zammads {
            guard let api = ZammadAPI(zammad, transport: servers) else { continue }
            let settings = ZammadTickets.Settings(configuration.alone(with: zammad))
            ticketSystems[zammad.name] = ZammadTickets(api: api, settings: settings)
        }
        self.ticketSystems = ticketSystems
        core = BridgeCore(
            calls: CallLifecycle.Settings.each(configuration), delivery: Outbox.Settings.each(configuration))
    }

    package mutating func run() async -> Result {
        for step in fixture.steps {
            let at = fixture.start + .milliseconds(Int64((step.at * 1000).rounded()))
            await passTime(before: at)
            clock.advance(to: at)
            servers.apply(step)
            if let socket {
                await play(step, on: socket)
            } else {
                await look()
            }
        }
        // Graces run out, and what Zammad refused for a while is tried again; an hour is more than any of it takes.
        await passTime(before: clock.now() + .seconds(3600))
        let requests = moments.compactMap { moment in
            if case .request(let request, _) = moment.kind { request } else { nil }
        }
        let changes = moments.compactMap { moment in
            if case .change(let change, _) = moment.kind { change } else { nil }
        }
        let tickets = moments.compactMap { moment in
            if case .ticket(let ticket) = moment.kind { ticket } else { nil }
        }
        let waiting = core.outboxes.reduce(0) { $0 + $1.desk.pendingCount }
        return Result(
            moments: moments, sightings: sightings, requests: requests, changes: changes, tickets: tickets,
            undelivered: core.account.pending, waitingTickets: waiting)
    }

    private mutating func passTime(before end: Instant) async {
        while let deadline = core.nextDeadline, deadline < end {
            clock.advance(to: deadline)
            await feed(.timePassed)
        }
    }

    private mutating func look() async {
        do {
            let look = try await view.look()
            if let socket { await hear(socket) }
            for notice in look.notices { note(.notice(notice.text)) }
            if !look.isHandedOver { await feed(.looked(look.snapshot)) }
        } catch {
            note(.lookFailed(error.description))
            await feed(.lookFailed())
        }
    }

    private static func view(
        _ source: Fixture.Source, _ settings: PhoneSystemSettings, _ servers: ScriptedServers, _ clock: VirtualClock
    ) -> (any PhoneSystemView)? {
        switch source {
        case .legacy: return LegacyView(settings: settings, transport: servers, clock: clock)
        case .callcontrol, .callcontrolEvents:
            return CallControlView(settings: settings, transport: servers, clock: clock)
        case .xapi: return XAPIView(settings: settings, transport: servers, clock: clock)
        case .version20:
            let requests = PhoneSystemRequests(settings, servers)
            guard let (owner, access) = TokenOwner.forVersion20(settings.phoneSystem, requests, clock) else {
                return nil
            }
            let whole = XAPICalls(settings: settings, requests: requests, owner: owner, access: access, clock: clock)
            return CallControlView(
                settings: settings, requests: requests, owner: owner, whole: whole, sockets: nil, clock: clock)
        }
    }

    // MARK: - The event socket

    /// The socket opens with the first step. While it is closed each step is a look.
    private mutating func play(_ step: Fixture.Step, on socket: ReplayedSocket) async {
        if fixture.looks == .recorded { return await playRecorded(step, on: socket) }
        switch step.socket ?? (socket.hasBeenOpened ? nil : .open) {
        case .open?:
            if !socket.hasBeenOpened { await look() }
            await socket.open()
            await look()
        case .closed?: await socket.close()
        case nil: break
        }
        if !socket.isOpen || (step.events.isEmpty && step.socket == nil) { await look() }
        await receive(step.events, on: socket)
    }

    /// Each look that was taken is a step of its own.
    private mutating func playRecorded(_ step: Fixture.Step, on socket: ReplayedSocket) async {
        switch step.socket {
        case .open?: await socket.open()
        case .closed?: await socket.close()
        case nil: if step.events.isEmpty { await look() }
        }
        await hear(socket)
        await receive(step.events, on: socket)
    }

    private mutating func receive(_ events: [JSONValue], on socket: ReplayedSocket) async {
        for event in events {
            do {
                await socket.receive(try FixtureJSON.encode(event))
            } catch {
                note(.notice("an event of the fixture cannot be written as JSON"))
            }
            await hear(socket)
        }
    }

    /// Takes in what the view has said, and does what that calls for, until there is nothing left.
    private mutating func hear(_ socket: ReplayedSocket) async {
        // More than any fixture needs; a view that always wants another look must not keep it for ever.
        for _ in 0..<10_000 {
            let pushes = socket.takePushes()
            var isLookWanted = false
            for push in pushes {
                switch push {
                case .looked(let look):
                    for notice in look.notices { note(.notice(notice.text)) }
                    await feed(.looked(look.snapshot))
                case .notice(let notice): note(.notice(notice.text))
                case .lookWanted: isLookWanted = true
                case .began, .ended: break
                }
            }
            if isLookWanted, fixture.looks == .wanted {
                await look()
            } else if await !socket.work(), pushes.isEmpty {
                return
            }
        }
    }

    private mutating func feed(_ input: BridgeCore.Input) async {
        if case .looked(let snapshot, _) = input { see(snapshot) }
        var pending = [input]
        while !pending.isEmpty {
            let output = core.handle(pending.removeFirst(), at: clock.now())
            for decision in output.decisions { note(.decision(decision)) }
            for case .dropCall(let drop) in output.actions {
                let outcome = await view.drop(drop.pbxCallID)
                noteChanges(outcome.word)
            }
            for case .attempt(let attempt) in output.actions {
                guard let sink = sinks[core.zammad(of: attempt.command)] else { continue }
                let outcome = await sink.perform(attempt)
                if attempt.purpose == .lookUp {
                    note(
                        .notice(
                            "Zammad is asked whether it has the hangup of \(attempt.command.callID): \(outcome.name)"))
                }
                for post in servers.takePosts() { noteRequest(post, attempt.command, outcome) }
                // One fixed point within the jitter keeps a replay the same every time.
                pending.append(.attemptFinished(attempt.id, outcome, jitter: 0.5))
            }
            for case .ticket(let action) in output.actions {
                if let outcome = await perform(action) { pending.append(outcome) }
            }
        }
    }

    private mutating func perform(_ action: TicketAction) async -> BridgeCore.Input? {
        if let ticket = ExpectedTicket(action, at: (clock.now() - fixture.start).milliseconds) {
            note(.ticket(ticket))
        } else if let words = TicketWords.sentence(action) {
            note(.notice(words))
        }
        guard case .attempt(let attempt) = action else { return nil }
        guard let system = ticketSystems[core.zammad(named: attempt.call.zammad)] else { return nil }
        let outcome = await system.perform(attempt)
        noteChanges(outcome.failure ?? "done")
        return .ticketStepFinished(attempt, outcome, jitter: 0.5)
    }

    /// A call that an incomplete look does not show is still there.
    private mutating func see(_ snapshot: CallSnapshot) {
        let whole = lastSnapshot.map { snapshot.carryingOver($0) } ?? snapshot
        lastSnapshot = whole
        guard whole.calls != (sightings.last?.calls ?? []) else { return }
        sightings.append(Sighting(at: (clock.now() - fixture.start).milliseconds, calls: whole.calls))
    }

    private mutating func noteRequest(_ post: ScriptedServers.Post, _ command: CallCommand, _ outcome: DeliveryOutcome)
    {
        let payload: ZammadPayload
        do {
            payload = try JSONDecoder().decode(ZammadPayload.self, from: Data(post.body))
        } catch {
            payload = ZammadPayload(command)
        }
        let request = ExpectedRequest(
            at: (clock.now() - fixture.start).milliseconds, payload: payload,
            zammad: post.zammad.isEmpty ? nil : post.zammad)
        let answer: String? = if case .delivered(.plain) = outcome { nil } else { outcome.name }
        note(.request(request, answer: answer))
    }

    private mutating func noteChanges(_ answer: String) {
        for change in servers.takeChanges() {
            var body: JSONValue?
            if !change.body.isEmpty {
                do { body = try JSONDecoder().decode(JSONValue.self, from: Data(change.body)) } catch { body = nil }
            }
            let at = (clock.now() - fixture.start).milliseconds
            note(.change(ExpectedChange(at: at, request: change.request, body: body), answer: answer))
        }
    }

    private mutating func note(_ kind: Moment.Kind) {
        moments.append(Moment(at: (clock.now() - fixture.start).milliseconds, kind: kind))
    }

    /// The configuration that the fixture gives, completed with placeholders where it does not matter.
    static func configuration(of fixture: Fixture) throws(Failure) -> BridgeConfiguration {
        var sections = fixture.config
        let login: [String: JSONValue] = [
            "host": .string("https://pbx.example.net"), "user": .string("fixture"), "pass": .string("fixture"),
            "client_id": .string("fixture"), "client_secret": .string("fixture"),
        ]
        guard case .object(let given)? = sections["3CX"] ?? .object([:]) else {
            throw Failure(description: "section 3CX of config must be an object: a fixture plays one phone system")
        }
        sections["3CX"] = .object(given.merging(login) { given, _ in given })
        sections["Zammad"] = try zammads(sections["Zammad"])
        do {
            // JSON is YAML: the reader of the configuration file judges it.
            return try YAMLConfigurationSource().load(FixtureJSON.encode(sections), path: "config").configuration
        } catch let error as ConfigurationError {
            throw Failure(description: error.description)
        } catch {
            throw Failure(description: "config cannot be read")
        }
    }

    /// One Zammad or a list of them, each with an endpoint.
    private static func zammads(_ section: JSONValue?) throws(Failure) -> JSONValue {
        func completed(_ keys: [String: JSONValue], host: String) -> JSONValue {
            .object(
                keys.merging(["endpoint": .string("https://\(host).example.com/api/v1/cti/fixture")]) { given, _ in
                    given
                })
        }
        switch section {
        case nil: return completed([:], host: "zammad")
        case .object(let keys)?: return completed(keys, host: "zammad")
        case .array(let entries)?:
            var list: [JSONValue] = []
            for (index, entry) in entries.enumerated() {
                guard case .object(let keys) = entry else { break }
                list.append(completed(keys, host: "zammad-\(index + 1)"))
            }
            if list.count == entries.count { return .array(list) }
        default: break
        }
        throw Failure(description: "section Zammad of config must be an object or a list of objects")
    }
}
