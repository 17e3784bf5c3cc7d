import Adapters
import Domain
import Played

/// Zammad and what befalls it: spells in which it fails, and instants at which its log is wiped.
struct SimulatedZammad: Sendable {
    enum Spell: String, Sendable {
        /// Nothing listens.
        case down
        /// Every event fails with 500 and "Error ID", and is not applied.
        case failing
        /// The same with "Internal Server Error".
        case databaseDown
        case wrongToken
        case switchedOff
        /// Every event fails with 422 and "Error ID", as with a database in trouble.
        case refusing
    }

    private(set) var model: ZammadModel
    private var spells: [(during: Range<Int64>, spell: Spell)] = []
    private(set) var wipes: [Int64] = []
    /// Rows as they were when they were wiped last.
    private(set) var wiped: [String: ZammadRow] = [:]

    /// `isOftenDown`: whether it is down for a great part of the time, so that it is seen whether others suffer from
    /// it.
    init(
        length: Int64, faults: SimulationFaults, blocked: Set<String>, isOftenDown: Bool = false,
        random: inout SplitMix64
    ) {
        model = ZammadModel(token: "t")
        model.blockedNumbers = blocked
        guard faults.contains(.zammad) else { return }
        for _ in 0..<random.pick(0...3) {
            let start = random.pick(0...length)
            let spell: Spell = random.element(
                .down, .down, .down, .failing, .databaseDown, .wrongToken, .switchedOff, .refusing)
            let longest: Int64 = spell == .refusing ? 3000 : 40_000
            spells.append((start..<min(length, start + random.pick(200...longest)), spell))
        }
        if isOftenDown, random.chance(0.5) {
            let start = random.pick(0...length / 2)
            spells.append((start..<random.pick(start + 1...length), .down))
        }
        if random.chance(0.2) { wipes = [random.pick(5000...length)] }
    }

    func spell(at now: Int64) -> Spell? {
        spells.first { $0.during.contains(now) }?.spell
    }

    mutating func wipe() {
        for row in model.rows { wiped[row.callID] = row }
        model.forgetRows()
    }

    /// What Zammad answers to a request that arrives now; `nil` if nobody listens.
    mutating func receive(_ command: CallCommand, at now: Int64) -> ZammadAnswer? {
        switch spell(at: now) {
        case .down?: return nil
        case .failing?:
            return ZammadAnswer(status: 500, errorText: "Error ID 1: Please contact your administrator.")
        case .refusing?:
            return ZammadAnswer(status: 422, errorText: "Error ID 1: Please contact your administrator.")
        case .wrongToken?: return answer(command, token: "old", at: now)
        case .switchedOff?:
            model.featureEnabled = false
            defer { model.featureEnabled = true }
            return answer(command, token: "t", at: now)
        case .databaseDown?:
            model.isDatabaseDown = true
            defer { model.isDatabaseDown = false }
            return answer(command, token: "t", at: now)
        case nil: return answer(command, token: "t", at: now)
        }
    }

    /// What Zammad's caller log shows.
    var callerLog: [LookUpClassifier.Row] {
        model.rows.suffix(60).map { LookUpClassifier.Row(callID: $0.callID, state: $0.state.rawValue) }
    }

    /// To a question for the caller log; `nil` if nobody listens.
    func asked(at now: Int64) -> ZammadAnswer? {
        spell(at: now) == .down ? nil : ZammadAnswer(status: 200)
    }

    private mutating func answer(_ command: CallCommand, token: String, at now: Int64) -> ZammadAnswer {
        let parameters = ZammadPayload(command).parameters
        let reply = model.handle(ZammadRequest(token: token, parameters: parameters, at: now))
        return ZammadAnswer(
            status: reply.status, errorText: reply.errorText, action: reply.action, actionDetail: reply.actionDetail)
    }
}
