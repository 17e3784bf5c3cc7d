import Domain
import Synchronization

/// Holds those who guess: ten wrong tokens from one address, then one every two seconds. What else comes from there
/// meanwhile is not looked at, so that no number of connections makes guessing faster.
final class WrongTokens: Sendable {
    private struct Account {
        var left = WrongTokens.most
        var filledAt: Instant
        var saidAt: Instant?
        /// Since it was last said.
        var count = 0
    }

    static let pause: Duration = .seconds(2)
    private static let most = 10
    private static let mostAddresses = 256
    private static let silence: Duration = .seconds(60)

    private let accounts = Mutex<[String: Account]>([:])

    func mayTry(_ address: String, at now: Instant) -> Bool {
        accounts.withLock { accounts in
            Self.fill(&accounts[address], at: now)
            return accounts[address].map { $0.left > 0 } ?? true
        }
    }

    /// How many there were since the last time that this was said, if it is time to say it.
    func note(_ address: String, at now: Instant) -> Int? {
        accounts.withLock { accounts in
            if accounts[address] == nil, accounts.count >= Self.mostAddresses,
                let oldest = accounts.min(by: { $0.value.filledAt < $1.value.filledAt })
            {
                accounts[oldest.key] = nil
            }
            var account = accounts[address] ?? Account(filledAt: now)
            account.left = max(account.left - 1, 0)
            account.count += 1
            let isTime = account.saidAt.map { now - $0 >= Self.silence } ?? true
            let count = account.count
            if isTime { (account.saidAt, account.count) = (now, 0) }
            accounts[address] = account
            return isTime ? count : nil
        }
    }

    private static func fill(_ account: inout Account?, at now: Instant) {
        guard var filled = account else { return }
        let gained = Int(clamping: (now - filled.filledAt).components.seconds / pause.components.seconds)
        guard gained != 0 else { return }
        // A clock that was put back gives nothing, and takes nothing.
        filled.left = min(most, filled.left + max(0, min(gained, most)))
        filled.filledAt = now
        account = filled
    }
}
