import Testing

/// For tests that compute for long: one at a time.
struct ComputingTrait: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        await Slots.computations.take()
        do {
            try await function()
        } catch {
            await Slots.computations.giveBack()
            throw error
        }
        await Slots.computations.giveBack()
    }
}

extension Trait where Self == ComputingTrait {
    static var computing: Self { ComputingTrait() }
}
