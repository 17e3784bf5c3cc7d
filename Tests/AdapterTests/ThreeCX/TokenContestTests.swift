import Domain
import Testing

@testable import Adapters

@Suite("Two programs that mint tokens for one client")
struct TokenContestTests {
    private static func instant(_ seconds: Int64) -> Instant { Instant(milliseconds: seconds * 1000) }

    /// Refusals of tokens as `(minted at, refused at)` in seconds, each token to be renewed after 3540 s.
    private static func contest(_ refusals: [(Int64, Int64)]) -> TokenContest {
        var contest = TokenContest()
        for (minted, refused) in refusals {
            contest.tokenRefused(
                mintedAt: instant(minted), renewAt: instant(minted + 3540), at: instant(refused))
        }
        return contest
    }

    @Test(
        "are a contest from the third refusal of a young token within five minutes on",
        arguments: [
            ([], false), ([(0, 10)], false), ([(0, 10), (10, 20)], false), ([(0, 10), (10, 20), (20, 30)], true),
            ([(0, 0), (0, 0), (0, 0)], true), ([(0, 1), (1, 150), (150, 300)], true),
            ([(0, 1), (1, 150), (150, 301)], false), ([(0, 1), (1, 150), (150, 301), (301, 310)], true),
            // Old tokens may be refused: the PBX was restarted.
            ([(0, 1770), (0, 1780), (0, 1790)], false), ([(0, 1769), (1769, 1779), (1779, 1789)], true),
            ([(0, 3000), (3000, 3010), (3010, 3020)], false),
        ] as [([(Int64, Int64)], Bool)]
    )
    func begins(_ refusals: [(Int64, Int64)], _ isContested: Bool) {
        let contest = Self.contest(refusals)
        let now = Self.instant(refusals.last?.1 ?? 0)
        #expect(contest.isContested(at: now) == isContested)
        #expect(contest.mayMint(at: now) == !isContested)
    }

    @Test("space their tokens by 1, 2, 4 … 60 s from the last refusal")
    func backoff() {
        var contest = Self.contest([(0, 0), (0, 0)])
        var now: Int64 = 0
        for wait: Int64 in [1, 2, 4, 8, 16, 32, 60, 60, 60] {
            contest.tokenRefused(mintedAt: Self.instant(now), renewAt: Self.instant(now + 3540), at: Self.instant(now))
            #expect(!contest.mayMint(at: Instant(milliseconds: (now + wait) * 1000 - 1)))
            #expect(contest.mayMint(at: Self.instant(now + wait)))
            now += wait
        }
    }

    @Test("are at peace after five quiet minutes, and it begins anew then")
    func ends() {
        var contest = Self.contest([(0, 10), (10, 20), (20, 30)])
        #expect(contest.isContested(at: Self.instant(329)))
        #expect(!contest.isContested(at: Self.instant(330)))
        contest.tokenRefused(mintedAt: Self.instant(300), renewAt: Self.instant(4000), at: Self.instant(330))
        #expect(!contest.isContested(at: Self.instant(330)))
        contest.tokenRefused(mintedAt: Self.instant(330), renewAt: Self.instant(4000), at: Self.instant(331))
        #expect(!contest.isContested(at: Self.instant(331)))
        contest.tokenRefused(mintedAt: Self.instant(331), renewAt: Self.instant(4000), at: Self.instant(332))
        #expect(contest.isContested(at: Self.instant(332)))
    }

    @Test("go on while refusals are fewer than five minutes apart, however few they are")
    func goesOn() {
        let contest = Self.contest([(0, 0), (0, 0), (0, 0), (1, 299), (300, 590)])
        #expect(contest.isContested(at: Self.instant(889)))
        #expect(!contest.isContested(at: Self.instant(890)))
    }
}
