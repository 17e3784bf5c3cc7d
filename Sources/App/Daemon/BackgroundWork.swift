/// Work that goes on beside everything else until it has ended; what has ended is held no longer.
actor BackgroundWork {
    private var tasks: [Int: Task<Void, Never>] = [:]
    private var begun = 0

    /// How many have not ended.
    var count: Int { tasks.count }

    func begin(_ work: @escaping @Sendable () async -> Void) {
        begun += 1
        let number = begun
        // The task comes to its end on this actor, so never before it is noted.
        tasks[number] = Task {
            await work()
            tasks[number] = nil
        }
    }

    /// Returns when all has ended.
    func finish() async {
        while let task = tasks.values.first { await task.value }
    }
}
