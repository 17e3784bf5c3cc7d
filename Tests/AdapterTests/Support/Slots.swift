/// How many of a kind run at once. All tests begin together: on a small machine, those that compute or start programs
/// would otherwise keep those that wait for an answer from ever getting their turn.
actor Slots {
    static let programs = Slots(count: 6)
    static let computations = Slots(count: 1)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(count: Int) {
        free = count
    }

    func take() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func giveBack() {
        guard waiting.isEmpty else { return waiting.removeFirst().resume() }
        free += 1
    }
}
