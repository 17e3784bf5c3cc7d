import Testing

@testable import Domain

@Suite("Delivery to a model of Zammad")
struct EventQueueModelTests {
    @Test("keeps its promises whatever fails on the way", arguments: 0..<10)
    func network(_ part: UInt64) async {
        for seed in part * 100..<part * 100 + 100 {
            await Task.yield()
            var simulation = EventQueueSimulation(seed: seed, faulty: false)
            let failures = simulation.run(steps: 200)
            #expect(failures == [], "seed \(seed)")
        }
    }

    @Test("keeps its promises also while Zammad itself fails", arguments: 100..<110)
    func faults(_ part: UInt64) async {
        for seed in part * 100..<part * 100 + 100 {
            await Task.yield()
            var simulation = EventQueueSimulation(seed: seed, faulty: true)
            let failures = simulation.run(steps: 200)
            #expect(failures == [], "seed \(seed)")
        }
    }
}
