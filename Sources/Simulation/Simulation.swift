package import Domain
import Played

/// One run of the whole bridge on a virtual clock: a world drawn from a seed, the core of the daemon, and the shell's
/// order of handling, keeping and acting. No I/O, no clock, no thread: the same seed gives the same run.
///
/// After `length` all faults cease; the world runs on until nothing is pending, and then Zammad's log is compared with
/// what was seen (`SightingChecker`) and with what the accepted polls say (`NaiveModel`).
package struct Simulation {
    enum Event: Sendable {
        case poll(process: Int, phones: Int)
        /// `repeats`: whether it is followed by another at the poll interval.
        case pollEnded(process: Int, phones: Int, SimulatedPBX.Poll?, repeats: Bool)
        /// Something has changed, and is told.
        case pushed(phones: Int)
        /// A poll beside those at the poll interval, since a call has lost its last leg.
        case confirmation(process: Int, phones: Int)
        case timer(process: Int, Instant)
        case committed(process: Int)
        case arrival(request: Int)
        case reply(process: Int, request: Int, DeliveryOutcome)
        case ticketArrival(zammad: Int, request: Int)
        case ticketReply(process: Int, zammad: Int, request: Int, TicketOutcome)
        case stop, kill, start, powerLoss
        case wipe(zammad: Int)
        case operatorRetries
        case quietCheck
    }

    /// An input in line, with what the world knows about it.
    struct Waiting: Sendable {
        var input: BridgeCore.Input
        var poll: SimulatedPBX.Poll?
        /// Which phone system the poll is at.
        var phones: Int?
        /// Whether the poll is followed by another.
        var repeats = true
        /// The request that an outcome is of.
        var request: Int?
    }

    /// What the core has said in a batch that is not kept yet.
    struct Step: Sendable {
        let change: CoreChange
        let news: [News]
        let effects: [Effect]
        /// With the phone system that it is of; `nil` for all.
        var seen: [(phones: Int?, entry: SeenEntry)] = []
        var polls: [(at: Instant, phones: Int, poll: SimulatedPBX.Poll)] = []
        /// Requests whose outcomes it takes in.
        var finished: [Int] = []
        /// The phone systems that are to be polled again.
        var polled: Set<Int> = []

        init(_ batch: WriteAheadLoop<Waiting>.Batch) {
            change = batch.change
            news = batch.news.filter { !$0.isForHistoryAlone }
            effects = batch.effects
        }

        var concernsTicketsAlone: Bool {
            polls.isEmpty && finished.isEmpty && news.allSatisfy { if case .ticket = $0 { true } else { false } }
                && effects.allSatisfy { if case .ticketStep = $0 { true } else { false } }
        }

        var isEmpty: Bool { change.isEmpty && news.isEmpty && effects.isEmpty }
    }

    let configuration: SimulationConfiguration
    let delivery: Zammad.Settings
    let length: Int64
    let pollInterval: Int64
    /// How likely a single request, poll or commit is to go wrong while faults last.
    let rates: SimulationRates
    var phones: [SimulatedPhones]
    var zammads: [SimulatedZammad]
    /// For each Zammad.
    var tickets: [SimulatedTickets]
    let routing: SimulatedRouting
    var random: SplitMix64
    /// Of its own, so that worlds without tickets are what they are.
    var ticketRandom: SplitMix64
    /// Of its own, for worlds with events.
    var pushes: SplitMix64
    /// Of its own, for the disk's flushes and the loss of power.
    var power: SplitMix64
    var queue = TimedQueue<Event>()
    var clock: Int64 = -10_000
    /// When the first poll ended.
    var firstPoll: Int64?

    // The process, or `nil` while none runs.
    var loop: WriteAheadLoop<Waiting>?
    var process = 0
    var step: Step?
    var timer: Instant?

    // What outlives it.
    var disk = SavedCore()
    private(set) var restore: (SavedCore) -> SavedCore = { $0 }
    var requests: [SimulatedRequest] = []
    var underWay: [String: Int] = [:]
    var lastSent: [String: OutboxEvent.ID] = [:]
    var facts = SimulationFacts()
    /// Calls that the PBX was asked to end.
    var drops: Set<CallID> = []
    var result: SimulationResult
    var isOver = false
    private let lines: SimulationTrace?

    package init(_ configuration: SimulationConfiguration) {
        self.configuration = configuration
        var random = SplitMix64(seed: configuration.seed)
        length = random.pick(30_000...110_000)
        pollInterval = random.element(500, 500, 700, 1000)
        rates = SimulationRates(configuration.faults, random: &random)
        var pushes = SplitMix64(seed: configuration.seed ^ 0xE7E2_7500_E7E2_7500)
        let pbx = SimulatedPBX(
            length: length, faults: configuration.faults, mayPush: pushes.chance(0.5), random: &random)
        let blocked = pbx.calls.filter(\.isBlocked).compactMap { call in call.number.map { "49\($0)" } }
        let zammad = SimulatedZammad(
            length: length, faults: configuration.faults, blocked: Set(blocked), random: &random)
        var calls = CallLifecycle.Settings()
        calls.numbers = NumberPlan(countryPrefix: "49", format: .e164)
        calls.transfers = random.element(.follow, .follow, .follow, .ignore, .split)
        let helpdesk = CallLifecycle.Settings.Helpdesk(logMissedQueueCalls: random.chance(0.5))
        // From a generator of its own, so that the first of each is what it is where there are no others.
        var others = SplitMix64(seed: configuration.seed ^ 0x5EED_0FEE_5EED_0FEE)
        let hasOtherPhones = others.chance(0.3)
        let routing: SimulatedRouting =
            others.chance(0.6) ? .single : others.element(.queueToSecond, .nothingElse, .byPhoneSystem)
        self.routing = routing
        calls.routing = Routing(rules: routing.rules)
        for zammad in [.default] + routing.rules.map(\.zammad) { calls.helpdesks[zammad] = helpdesk }
        phones = [SimulatedPhones(pbx: pbx, settings: calls, routing: routing)]
        if hasOtherPhones {
            var settings = calls
            (settings.name, settings.instance) = ("west", "west")
            let other = SimulatedPBX(
                length: length, faults: configuration.faults, mayPush: pushes.chance(0.5), random: &others)
            phones.append(SimulatedPhones(pbx: other, settings: settings, routing: routing))
        }
        zammads = [zammad]
        if routing.rules.count > 1 {
            zammads.append(
                SimulatedZammad(
                    length: length, faults: configuration.faults, blocked: Set(blocked.prefix(1)), isOftenDown: true,
                    random: &others))
        }
        var ticketRandom = SplitMix64(seed: configuration.seed ^ 0x71C4_E750_71C4_E750)
        let numbers = phones.flatMap(\.pbx.calls).compactMap { call in call.number.map { "49\($0)" } }
        tickets = zammads.map { _ in SimulatedTickets(numbers: numbers, random: &ticketRandom) }
        self.ticketRandom = ticketRandom
        self.pushes = pushes
        var delivery = Zammad.Settings()
        delivery.maxParallel = random.element(8, 8, 2, 1)
        delivery.looksUpDoubts = random.chance(0.5)
        delivery.dropsBlockedCallers = random.chance(0.5)
        self.delivery = delivery
        self.random = random
        power = SplitMix64(seed: configuration.seed ^ 0x0FF0_0FF0_0FF0_0FF0)
        result = SimulationResult(configuration: configuration)
        result.calls = calls
        result.listsLegs = pbx.listsLegs
        lines = configuration.traces ? SimulationTrace() : nil
    }

    /// For the core: one outbox for each Zammad.
    var deliveries: [Zammad.Settings] {
        zammads.indices.map { index in
            var settings = delivery
            if routing.rules.count > 1 { settings.name = SimulatedRouting.names[index] }
            settings.tickets = tickets[index].settings
            return settings
        }
    }

    /// The Zammad of a command.
    func zammad(_ command: CallCommand) -> Int {
        SimulatedRouting.names.firstIndex(of: command.zammad) ?? 0
    }

    var core: BridgeCore? { loop?.core }

    var lastEnd: Int64 { phones.map(\.pbx.lastEnd).max() ?? 0 }

    /// The virtual clock began on a day in November 2023.
    var now: Instant { Instant(milliseconds: 1_700_000_000_000 + clock) }

    /// `restore`: what a journal makes of the state that a new process is given; the same state, if it is any good.
    package static func run(
        _ configuration: SimulationConfiguration, restore: @escaping (SavedCore) -> SavedCore = { $0 }
    ) -> SimulationResult {
        var simulation = Simulation(configuration)
        simulation.restore = restore
        simulation.run()
        simulation.result.trace = simulation.lines?.lines ?? []
        return simulation.result
    }

    private mutating func run() {
        result.counts.calls = phones.reduce(0) { $0 + $1.pbx.calls.count }
        queue.add(.start, at: -200)
        for (index, phones) in phones.enumerated() where phones.pbx.pushes {
            for change in phones.pbx.changes { queue.add(.pushed(phones: index), at: change + pushes.pick(2...60)) }
        }
        for (index, zammad) in zammads.enumerated() {
            for wipe in zammad.wipes { queue.add(.wipe(zammad: index), at: wipe) }
        }
        if configuration.faults.contains(.process) {
            for _ in 0..<random.pick(0...3) {
                queue.add(random.chance(0.3) ? .stop : .kill, at: random.pick(0...length))
            }
        }
        if configuration.faults.contains(.zammad) {
            for _ in 0..<random.pick(0...6) { queue.add(.operatorRetries, at: random.pick(0...length)) }
        }
        queue.add(.quietCheck, at: max(length, lastEnd) + 5000)
        while !isOver, let (at, event) = queue.popFirst() {
            clock = max(clock, at)
            result.counts.steps += 1
            guard result.counts.steps < 50_000 else {
                violation("the run does not end")
                break
            }
            handle(event)
        }
        finish()
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .poll(process, let index): poll(index)
        case .confirmation(process, let index): poll(index, repeats: false)
        case .pollEnded(process, let index, let poll, let repeats): pollEnded(poll, at: index, repeats: repeats)
        case .pushed(let index): push(index)
        case .timer(process, let deadline): timerFired(deadline)
        case .committed(process): commitEnded()
        case .arrival(let request): arrive(request)
        case .reply(process, let request, let outcome): replyArrived(request, outcome)
        case .ticketArrival(let index, let request): ticketRequestArrives(index, request)
        case .ticketReply(process, let index, let request, let outcome): ticketReplyArrives(index, request, outcome)
        case .stop: stop()
        case .kill: crash("killed")
        case .powerLoss: losePower()
        case .start: start()
        case .wipe(let index):
            trace("zammad  log wiped, \(zammads[index].model.rows.count) rows")
            result.counts.wipes += 1
            zammads[index].wipe()
            let names = SimulatedRouting.names
            cancelArrivals { (names.firstIndex(of: $0.command.zammad) ?? 0) == index }
        case .operatorRetries: retryDeadLetters()
        case .quietCheck: checkQuiet()
        // Of a process that has ended.
        case .poll, .confirmation, .pollEnded, .timer, .committed, .reply, .ticketReply: break
        }
    }

    // MARK: - Saying it

    mutating func violation(_ text: String) {
        trace("VIOLATION \(text)")
        if result.violations.count < 20 { result.violations.append(text) }
    }

    func trace(_ line: @autoclosure () -> String) {
        guard let lines else { return }
        lines.add(line(), at: clock)
    }
}
