import Domain
import FoundationEssentials
import Ports
import Wire

/// Plays a fixture on a virtual clock through the production decoders, the core and the Zammad sink.
package struct FixtureReplay: Sendable {
    private let fixture: Fixture
    private let clock: VirtualClock
    private let servers: ScriptedServers
    private let views: [PhoneSystemName: any PhoneSystemView]
    /// Where the view has an event socket.
    private let socket: ReplayedSocket?
    private var sinks: [ZammadName: ZammadSink] = [:]
    private var ticketSystems: [ZammadName: ZammadTickets] = [:]
    private var loop: WriteAheadLoop<Void>
    private var result = Result()
    private var lastSnapshots: [PhoneSystemName: CallSnapshot] = [:]

    package init(_ fixture: Fixture) throws(Failure) {
        self.fixture = fixture
        clock = VirtualClock(fixture.start)
        let configuration = try FixtureConfiguration.effective(fixture.config).configuration
        let endpoints = configuration.zammads.map { ($0.name, $0.endpoint.reveal()) }
        let phoneSystems = configuration.phoneSystems.map { ($0.name, $0.host) }
        servers = ScriptedServers(
            fixture, zammads: Dictionary(endpoints) { first, _ in first },
            phoneSystems: Dictionary(phoneSystems) { first, _ in first })
        if let name = fixture.steps.flatMap(\.zammads.keys).first(where: { name in !endpoints.contains { $0.0 == name }
        }) {
            throw Failure(description: "the steps name a Zammad \(name) that config does not have")
        }
        try Self.check(fixture, phoneSystems: phoneSystems.map(\.0))
        var views: [PhoneSystemName: any PhoneSystemView] = [:]
        for phoneSystem in configuration.phoneSystems {
            let settings = PhoneSystemSettings(configuration.alone(with: phoneSystem))
            let connection = PhoneSystemConnection(settings, transport: servers, clock: clock)
            guard let view = fixture.source.interface.view(connection) else {
                throw Failure(description: "credentials for \(fixture.source.rawValue) are missing")
            }
            views[phoneSystem.name] = view
        }
        self.views = views
        socket = (views.first?.value as? CallControlView).flatMap { view in
            fixture.source.hasEvents ? ReplayedSocket(view) : nil
        }
        for zammad in configuration.zammads {
            let api = ZammadAPI(zammad, transport: servers)
            sinks[zammad.name] = ZammadSink(endpoint: zammad.endpoint, transport: servers, api: api)
            ticketSystems[zammad.name] = api.map { ZammadTickets(api: $0, configuration.alone(with: zammad)) }
        }
        loop = WriteAheadLoop(
            BridgeCore(
                calls: CallLifecycle.Settings.each(configuration), delivery: Zammad.Settings.each(configuration)))
    }

    /// Each step is about one phone system, and says which where there are several.
    private static func check(_ fixture: Fixture, phoneSystems: [PhoneSystemName]) throws(Failure) {
        if phoneSystems.count > 1, fixture.source.hasEvents {
            let names = Fixture.Source.allCases.filter { !$0.hasEvents }.map(\.rawValue)
            let polled = names.dropLast().joined(separator: ", ") + " or \(names.last ?? "")"
            throw Failure(
                description: "several phone systems can only be polled: give \(polled) as source")
        }
        for step in fixture.steps {
            if let name = step.phoneSystem, !phoneSystems.contains(name) {
                throw Failure(description: "the steps name a phone system \(name) that config does not have")
            }
            if step.phoneSystem == nil, phoneSystems.count > 1 {
                throw Failure(
                    description: "the step at \(step.at) s names none of several phone systems: give pbx")
            }
        }
    }

    package mutating func run() async -> Result {
        for step in fixture.steps {
            let at = fixture.start + .milliseconds(step.milliseconds)
            await passTime(before: at)
            clock.advance(to: at)
            servers.apply(step)
            if let socket {
                await play(step, on: socket)
            } else {
                await poll(at: step.phoneSystem)
            }
        }
        // Graces run out, and what Zammad refused for a while is tried again; an hour is more than any of it takes.
        await passTime(before: clock.now() + .seconds(3600))
        result.undelivered = loop.core.account.pending
        result.waitingTickets = loop.core.zammads.reduce(0) { $0 + $1.tickets.pendingCount }
        return result
    }

    /// Milliseconds since the start.
    private var time: Int64 { (clock.now() - fixture.start).milliseconds }

    private mutating func passTime(before end: Instant) async {
        while let deadline = loop.core.nextDeadline, deadline < end {
            clock.advance(to: deadline)
            await feed(.timePassed)
        }
    }

    private var onlyName: PhoneSystemName { views.keys.first ?? .default }

    /// `name`: the only one's, if it is not given.
    private mutating func poll(at name: PhoneSystemName? = nil) async {
        let name = name ?? onlyName
        guard let view = views[name] else { return }
        do {
            let poll = try await view.poll()
            result.polls += 1
            if let socket { await hear(socket) }
            for notice in poll.notices { note(.notice((name.shown.map { "\($0): " } ?? "") + notice.text)) }
            if !poll.isHandedOver { await feed(.polled(poll.snapshot, at: name)) }
        } catch {
            note(.pollFailed(error.description))
            await feed(.pollFailed(at: name))
        }
    }

    // MARK: - The event socket

    /// The socket opens with the first step. While it is closed each step is a poll.
    private mutating func play(_ step: Fixture.Step, on socket: ReplayedSocket) async {
        if fixture.polls == .recorded { return await playRecorded(step, on: socket) }
        switch step.socket ?? (socket.hasBeenOpened ? nil : .open) {
        case .open?:
            if !socket.hasBeenOpened { await poll() }
            await socket.open()
            await poll()
        case .closed?: await socket.close()
        case nil: break
        }
        if !socket.isOpen || (step.events.isEmpty && step.socket == nil) { await poll() }
        await receive(step.events, on: socket)
    }

    /// Each poll that was taken is a step of its own.
    private mutating func playRecorded(_ step: Fixture.Step, on socket: ReplayedSocket) async {
        switch step.socket {
        case .open?: await socket.open()
        case .closed?: await socket.close()
        case nil: if step.events.isEmpty { await poll() }
        }
        await hear(socket)
        await receive(step.events, on: socket)
    }

    private mutating func receive(_ events: [JSONValue], on socket: ReplayedSocket) async {
        for event in events {
            await socket.receive(event.bytes)
            await hear(socket)
        }
    }

    /// Takes in what the view has said, and does what that calls for, until there is nothing left.
    private mutating func hear(_ socket: ReplayedSocket) async {
        // More than any fixture needs; a view that always wants another poll must not keep it for ever.
        for _ in 0..<10_000 {
            let pushes = socket.takePushes()
            var isPollWanted = false
            for push in pushes {
                switch push {
                case .snapshot(let poll):
                    for notice in poll.notices { note(.notice(notice.text)) }
                    await feed(.polled(poll.snapshot, at: onlyName))
                case .notice(let notice): note(.notice(notice.text))
                case .pollWanted: isPollWanted = true
                // The polls that confirm an end are steps of the fixture, as all that time alone calls for.
                case .began, .ended, .endDoubted: break
                }
            }
            if isPollWanted, fixture.polls == .wanted {
                await poll()
            } else if await !socket.work(), pushes.isEmpty {
                return
            }
        }
    }

    private mutating func feed(_ input: BridgeCore.Input) async {
        if case .polled(let snapshot, let name) = input { see(snapshot, at: name) }
        loop.arrived(input, ())
        while let batch = loop.take(at: clock.now()) {
            // A fixture outlives no process, so that there is nothing to keep.
            loop.kept()
            for one in batch.news {
                switch one {
                case .decided(let decision): note(.decision(decision))
                case .ticket(let news): note(news)
                default: break
                }
            }
            for effect in batch.effects { await perform(effect) }
        }
    }

    private mutating func perform(_ effect: Effect) async {
        switch effect {
        case .request(let attempt, let zammad):
            guard let sink = sinks[zammad] else { return }
            let outcome = await sink.perform(attempt)
            if attempt.purpose == .lookUp {
                note(
                    .notice("Zammad is asked whether it has the hangup of \(attempt.command.callID): \(outcome.name)"))
            }
            for post in servers.takePosts() { noteRequest(post, attempt.command, outcome) }
            // One fixed point within the jitter keeps a replay the same every time.
            loop.arrived(.attemptFinished(attempt.id, outcome, jitter: 0.5), ())
        case .ticketStep(let step, let zammad):
            guard let system = ticketSystems[zammad] else { return }
            let outcome = await system.perform(step)
            noteChanges(outcome.failure ?? "done")
            loop.arrived(.ticketStepFinished(step, outcome, jitter: 0.5), ())
        case .endCall(let drop):
            guard let view = views[drop.phoneSystem] else { return }
            noteChanges(await view.drop(drop.pbxCallID).word)
        }
    }

    private mutating func note(_ news: TicketNews) {
        if let ticket = ExpectedTicket(news, at: time) {
            note(.ticket(ticket))
        } else if let words = TicketWords.sentence(news) {
            note(.notice(words))
        }
    }

    /// A call that an incomplete snapshot does not show is still there.
    private mutating func see(_ snapshot: CallSnapshot, at name: PhoneSystemName) {
        let whole = lastSnapshots[name].map { snapshot.carryingOver($0) } ?? snapshot
        let before = lastSnapshots[name]?.calls ?? []
        lastSnapshots[name] = whole
        guard whole.calls != before else { return }
        result.sightings.append(Sighting(at: time, phoneSystem: name, calls: whole.calls))
    }

    private mutating func noteRequest(
        _ post: (zammad: ZammadName, body: [UInt8]), _ command: CallCommand, _ outcome: DeliveryOutcome
    ) {
        let payload: ZammadPayload
        do {
            payload = try JSONDecoder().decode(ZammadPayload.self, from: Data(post.body))
        } catch {
            payload = ZammadPayload(command)
        }
        let request = ExpectedRequest(at: time, payload: payload, zammad: post.zammad)
        let answer: String? = if case .delivered(.plain) = outcome { nil } else { outcome.name }
        note(.request(request, answer: answer))
    }

    private mutating func noteChanges(_ answer: String) {
        for change in servers.takeChanges() {
            var body: JSONValue?
            if !change.body.isEmpty {
                do { body = try JSONDecoder().decode(JSONValue.self, from: Data(change.body)) } catch { body = nil }
            }
            note(.change(ExpectedChange(at: time, request: change.request, body: body), answer: answer))
        }
    }

    private mutating func note(_ kind: Moment.Kind) {
        result.moments.append(Moment(at: time, kind: kind))
    }
}
