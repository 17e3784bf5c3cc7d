package import Domain

/// One run of the whole bridge on a virtual clock: a world drawn from a seed, the core of the daemon, and the shell's order of
/// handling, keeping and acting. No I/O, no clock, no thread: the same seed gives the same run.
///
/// After `length` all faults cease; the world runs on until nothing is pending, and then Zammad's log is compared with what was
/// seen (`SightingChecker`) and with what the accepted looks say (`NaiveModel`).
package struct Simulation {
    enum Event: Sendable {
        case poll(process: Int)
        case lookEnded(process: Int, SimulatedPBX.Look?)
        case timer(process: Int, Instant)
        case committed(process: Int)
        case arrival(request: Int)
        case reply(process: Int, request: Int, DeliveryOutcome)
        case stop, kill, start
        case wipe
        case operatorRetries
        case quietCheck
    }

    /// An input in line, with what the world knows about it.
    struct Waiting: Sendable {
        var input: BridgeCore.Input
        var look: SimulatedPBX.Look?
        /// The request that an outcome is of.
        var request: Int?
    }

    /// What the core has said in a step that is not kept yet.
    struct Step: Sendable {
        var change = CoreChange()
        var decisions: [CallDecision] = []
        var actions: [OutboxAction] = []
        var seen: [SeenEntry] = []
        var looks: [(at: Instant, look: SimulatedPBX.Look)] = []
        /// Requests whose outcomes it takes in.
        var finished: [Int] = []
        var hasLook = false

        var isEmpty: Bool { change.isEmpty && decisions.isEmpty && actions.isEmpty }
    }

    let configuration: SimulationConfiguration
    let calls: CallLifecycle.Settings
    let delivery: Outbox.Settings
    let length: Int64
    let pollInterval: Int64
    /// How likely a single request, look or commit is to go wrong while faults last.
    let rates: SimulationRates
    let pbx: SimulatedPBX
    var zammad: SimulatedZammad
    var random: SplitMix64
    var queue = EventQueue<Event>()
    var clock: Int64 = -10_000
    /// When the first look ended.
    var firstLook: Int64?

    // The process, or `nil` while none runs.
    var core: BridgeCore?
    var process = 0
    var line: [Waiting] = []
    var step: Step?
    var timer: Instant?
    /// Complete and accepted by the core; for the check that nothing ends by silence.
    var lastShown: Set<PBXCallID>?
    var isViewLost = true

    // What outlives it.
    var disk = SavedCore()
    private(set) var restore: (SavedCore) -> SavedCore = { $0 }
    var requests: [SimulatedRequest] = []
    var underWay: [String: Int] = [:]
    var lastSent: [String: OutboxEvent.ID] = [:]
    var facts = SimulationFacts()
    var history: [SeenEntry] = []
    var sightings: SightingChecker
    var result: SimulationResult
    var isOver = false
    private let lines: SimulationTrace?

    package init(_ configuration: SimulationConfiguration) {
        self.configuration = configuration
        var random = SplitMix64(seed: configuration.seed)
        length = random.pick(30_000...110_000)
        pollInterval = random.element(500, 500, 700, 1000)
        rates = SimulationRates(configuration.faults, random: &random)
        pbx = SimulatedPBX(length: length, faults: configuration.faults, random: &random)
        let blocked = pbx.calls.filter(\.isBlocked).compactMap { call in call.number.map { "49\($0)" } }
        zammad = SimulatedZammad(
            length: length, faults: configuration.faults, blocked: Set(blocked), random: &random)
        var calls = CallLifecycle.Settings()
        calls.numbers = NumberPlan(countryPrefix: "49", format: .e164)
        calls.transfers = random.element(.follow, .follow, .follow, .ignore, .split)
        calls.logMissedQueueCalls = random.chance(0.5)
        self.calls = calls
        var delivery = Outbox.Settings()
        delivery.maxParallel = random.element(8, 8, 2, 1)
        self.delivery = delivery
        self.random = random
        sightings = SightingChecker(pbx: pbx, settings: calls)
        result = SimulationResult(configuration: configuration)
        result.calls = calls
        result.listsLegs = pbx.listsLegs
        lines = configuration.traces ? SimulationTrace() : nil
    }

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
        result.counts.calls = pbx.calls.count
        queue.add(.start, at: -200)
        for wipe in zammad.wipes { queue.add(.wipe, at: wipe) }
        if configuration.faults.contains(.process) {
            for _ in 0..<random.pick(0...3) {
                queue.add(random.chance(0.3) ? .stop : .kill, at: random.pick(0...length))
            }
        }
        if configuration.faults.contains(.zammad) {
            for _ in 0..<random.pick(0...6) { queue.add(.operatorRetries, at: random.pick(0...length)) }
        }
        queue.add(.quietCheck, at: max(length, pbx.lastEnd) + 5000)
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
        case .poll(process): poll()
        case .lookEnded(process, let look): lookEnded(look)
        case .timer(process, let deadline): timerFired(deadline)
        case .committed(process): commitEnded()
        case .arrival(let request): arrive(request)
        case .reply(process, let request, let outcome): replyArrived(request, outcome)
        case .stop: stop()
        case .kill: crash("killed")
        case .start: start()
        case .wipe:
            trace("zammad  log wiped, \(zammad.model.rows.count) rows")
            result.counts.wipes += 1
            zammad.wipe()
            cancelArrivals { _ in true }
        case .operatorRetries: retryDeadLetters()
        case .quietCheck: checkQuiet()
        // Of a process that has ended.
        case .poll, .lookEnded, .timer, .committed, .reply: break
        }
    }

    // MARK: - The end

    private mutating func checkQuiet() {
        let isQuiet =
            step == nil && line.isEmpty && core?.outbox.isIdle == true && core?.outbox.attemptsUnderWay == 0
            && core?.lifecycle.calls.values.contains { $0.reported != nil } == false
        if isQuiet, core?.outbox.settled.values.contains(where: { $0.outcome == .deadLetter }) == true {
            retryDeadLetters()
        } else if isQuiet {
            isOver = true
            return
        }
        guard clock < max(length, pbx.lastEnd) + 900_000 else {
            violation(
                "15 minutes after the last fault, \(core?.outbox.account.pending ?? -1) events are pending, or calls live"
            )
            isOver = true
            return
        }
        queue.add(.quietCheck, at: clock + 1000)
    }

    private mutating func finish() {
        result.counts.virtualTime = clock
        guard let core else { return violation("no process runs at the end") }
        let account = core.outbox.account
        result.counts.events = account.taken
        result.counts.unconfirmed = account.unconfirmed
        if disk.account != account { violation("the journal's account is not the core's") }
        let expectations = [
            ("as seen", sightings.expectedRows()),
            ("by the naive model", NaiveModel(settings: calls, blocked: zammad.model.blockedNumbers).rows(of: history)),
        ]
        result.counts.reported = expectations[1].1.count
        for (name, expected) in expectations {
            let comparison = RowComparison(
                rows: zammad.model.rows, wiped: zammad.wiped, facts: facts,
                tolerated: name == "as seen" ? sightings.split : [])
            for problem in comparison.problems(expected) { violation("\(problem) (\(name))") }
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
