/// Draws the calls of the demo's office.
struct OfficePlanner: Sendable {
    /// What becomes of a call.
    enum Story: Equatable, Sendable {
        case answered, missed, voicemail, queued, queuedTwice, lost, transferred, outbound, unreached, colleague
    }

    typealias Plan = [(after: Int64, action: OfficeCall.Action)]

    /// Of a hundred calls.
    private static let shares: [(Story, Int)] = [
        (.queued, 26), (.answered, 24), (.outbound, 13), (.transferred, 9), (.missed, 8), (.queuedTwice, 7), (.lost, 5),
        (.voicemail, 4), (.unreached, 2), (.colleague, 2),
    ]
    /// The first calls, so that whoever watches sees of each kind at once.
    private static let opening: [(story: Story, at: Int64)] = [
        (.queued, 200), (.missed, 900), (.outbound, 1_800), (.answered, 2_600), (.transferred, 4_500), (.queued, 6_500),
    ]

    private var random: SplitMix64
    private var drawn = 0

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// The next call's story, and the milliseconds from the one before to it.
    mutating func next() -> (story: Story, after: Int64) {
        defer { drawn += 1 }
        guard drawn >= Self.opening.count else {
            let before = drawn == 0 ? 0 : Self.opening[drawn - 1].at
            return (Self.opening[drawn].story, Self.opening[drawn].at - before)
        }
        var ticket = Int(random.pick(0...99))
        let story = Self.shares.first { share in
            ticket -= share.1
            return ticket < 0
        }
        return (story?.0 ?? .answered, random.pick(2_500...6_500))
    }

    mutating func caller() -> OfficeDirectory.Party {
        OfficeDirectory.callers[Int(random.pick(0...Int64(OfficeDirectory.callers.count - 1)))]
    }

    /// A call of that kind with the agents who are free, and those of them whom it needs; `nil` if there are too few.
    mutating func plan(_ story: Story, free: [OfficeDirectory.Agent]) -> (plan: Plan, reserved: [String])? {
        let queue = random.chance(0.65) ? OfficeDirectory.support : OfficeDirectory.sales
        let team = free.filter { $0.queue == queue.dn }.shuffled(using: &random).map(\.dn)
        let others = free.shuffled(using: &random).map(\.dn)
        switch story {
        case .answered:
            guard let agent = others.first else { return nil }
            return ([ring(agent), (seconds(2, 7), .connect(agent)), (talk(), .end)], [agent])
        case .missed:
            guard let agent = others.first else { return nil }
            return ([ring(agent), (seconds(7, 12), .end)], [agent])
        case .voicemail:
            guard let agent = others.first else { return nil }
            return ([ring(agent), (seconds(8, 12), .voicemail), (seconds(8, 16), .end)], [agent])
        case .queued:
            guard let agent = team.first else { return nil }
            let ringing = Array(team.prefix(3))
            return (
                [
                    (0, .wait(queue: queue.dn)), (seconds(1, 4), .ring(ringing, queue: queue.dn)),
                    (seconds(2, 6), .connect(agent)), (talk(), .end),
                ], [agent]
            )
        case .queuedTwice:
            guard team.count > 1 else { return nil }
            return (
                [
                    (0, .wait(queue: queue.dn)), (seconds(1, 2), .ring([team[0]], queue: queue.dn)),
                    (seconds(6, 9), .pause), (seconds(1, 2), .ring([team[1]], queue: queue.dn)),
                    (seconds(2, 5), .connect(team[1])), (talk(), .end),
                ], [team[0], team[1]]
            )
        case .lost: return ([(0, .wait(queue: queue.dn)), (seconds(12, 20), .end)], [])
        case .transferred:
            guard others.count > 1 else { return nil }
            return (
                [
                    ring(others[0]), (seconds(2, 4), .connect(others[0])), (seconds(7, 14), .transfer(to: others[1])),
                    (seconds(2, 5), .connect(others[1])), (talk(), .end),
                ], [others[0], others[1]]
            )
        case .outbound:
            guard let agent = others.first else { return nil }
            return ([(0, .dial(agent)), (seconds(3, 7), .connect(agent)), (talk(), .end)], [agent])
        case .unreached:
            guard let agent = others.first else { return nil }
            return ([(0, .dial(agent)), (seconds(10, 18), .end)], [agent])
        case .colleague:
            guard others.count > 1 else { return nil }
            return ([(0, .call(others[1], by: others[0])), (seconds(5, 15), .end)], [others[0], others[1]])
        }
    }

    private func ring(_ agent: String) -> (after: Int64, action: OfficeCall.Action) { (0, .ring([agent], queue: nil)) }

    private mutating func talk() -> Int64 { seconds(10, 45) }

    private mutating func seconds(_ least: Int64, _ most: Int64) -> Int64 {
        random.pick((least * 1000)...(most * 1000))
    }
}
